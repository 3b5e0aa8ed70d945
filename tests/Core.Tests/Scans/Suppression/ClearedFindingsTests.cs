using System.Text;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Vex;
using ImageScan.Core.Vulnerabilities;
using static ImageScan.Core.Tests.Scans.Suppression.MadeExceptions;

namespace ImageScan.Core.Tests.Scans.Suppression;

public sealed class ClearedFindingsTests
{
    private const string Document = """
        {"@context":"https://openvex.dev/ns","@id":"x","author":"Ann","timestamp":"2026-01-01T00:00:00Z","version":1,"statements":[
        {"vulnerability":{"name":"CVE-1"},"status":"fixed","products":[{"@id":"pkg:oci/nginx","subcomponents":[{"@id":"pkg:npm/lodash@1"}]}]}]}
        """;

    private static readonly VexStatements Statements = new([VexReader.Read(Encoding.UTF8.GetBytes(Document))]);

    [Fact]
    public void AreThoseOfTheComponentAlone()
    {
        Scan scan = MadeScan.Of(Lodash(PackageType.Npm), MadeScan.Package("curl", "1", MadeScan.Finding("CVE-1", Severity.Low)));

        ImageSuppression image = new SuppressionSet([], [], Statements).For(MadeScan.Reference(), Now, scan);

        Assert.Equal(ExceptionTarget.FalsePositive, image.Of("lodash", "1", "CVE-1").State);
        Assert.Null(image.Of("lodash", "1", "CVE-2").State);
        Assert.Null(image.Of("lodash", "2", "CVE-1").State);
        Assert.Null(image.Of("curl", "1", "CVE-1").State);
        Assert.Null(image.Of("CVE-1").State);
    }

    [Fact]
    public void NeedEveryPackageThatTheComponentStandsFor()
    {
        Scan both = MadeScan.Of(Lodash(PackageType.Npm), Lodash(PackageType.Python));

        Assert.Null(new SuppressionSet([], [], Statements).For(MadeScan.Reference(), Now, both).Of("lodash", "1", "CVE-1").State);
    }

    [Fact]
    public void ComeAfterWhatWasDecidedHere()
    {
        Scan scan = MadeScan.Of(Lodash(PackageType.Npm));
        var set = new SuppressionSet([], [Deferral("1", ExceptionScope.AllImages, "CVE-1")], Statements);

        Assert.Equal(ExceptionTarget.Deferred, set.For(MadeScan.Reference(), Now, scan).Of("lodash", "1", "CVE-1").State);
    }

    [Fact]
    public void AreNoneWithoutTheImage() => Assert.True(new SuppressionSet([], [], Statements).For(MadeScan.Reference(), Now).IsEmpty);

    private static PackageFindings Lodash(PackageType type) =>
        MadeScan.Package(type, "lodash", "1", $"{type}", 0, MadeScan.Finding("CVE-1", Severity.Critical), MadeScan.Finding("CVE-2", Severity.Critical));
}
