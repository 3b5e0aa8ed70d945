using System.Reflection;
using ImageScan.Core.Api;

namespace ImageScan.Core.Tests.Api;

public sealed class OperationsTests
{
    [Fact]
    public void HoldsEveryRouteOnce()
    {
        IEnumerable<string> routes = typeof(Routes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal(routes.Order(), Operations.All.Select(operation => operation.Route).Distinct().Order());
        Assert.Equal(Operations.All.Count, Operations.All.Select(operation => (operation.Method, operation.Route)).Distinct().Count());
        Assert.Equal(Operations.All.Count, Operations.All.Select(operation => operation.Name).Distinct().Count());
    }

    [Fact]
    public void AsksForTheAccessThatStackRoxAsksFor() => Assert.Equal(
        [
            "ScanImage POST v1/images/scan Scan", "GetImage GET v1/images/{id} Read", "GetImageChanges GET v1/images/{id}/changes Read",
            "ListImages GET v1/images Read", "CountImages GET v1/imagescount Read",
            "GetScan GET v1/scans/{id} Read", "ListWatchedImages GET v1/watchedimages Read", "WatchImage POST v1/watchedimages Admin",
            "UnwatchImage DELETE v1/watchedimages Admin",
            "GetDelegationConfig GET v1/delegatedregistryconfig Read", "PutDelegationConfig PUT v1/delegatedregistryconfig Admin",
            "ListDelegationClusters GET v1/delegatedregistryconfig/clusters Read",
            "Ping GET v1/ping None", "Metadata GET v1/metadata None", "Health GET healthz None",
        ],
        Operations.All.Select(operation => $"{operation.Name} {operation.Method} {operation.Route} {operation.Access}"));
}
