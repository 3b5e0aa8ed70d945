using System.Globalization;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>A request to AWS as its signature sees it.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">Without escapes: <c>/</c>.</param>
/// <param name="Query">Without the question mark; "" for none.</param>
/// <param name="Headers">All that are signed, <c>Host</c> and <c>X-Amz-Date</c> among them; one may be there more than once.</param>
/// <param name="Body">The body; empty for none.</param>
internal sealed record AwsRequest(string Method, string Path, string Query, IReadOnlyList<(string Name, string Value)> Headers, ReadOnlyMemory<byte> Body)
{
    public const string DateHeader = "X-Amz-Date";
    public const string SessionHeader = "X-Amz-Security-Token";

    // A record would print its members into any log line that mentions it.
    public override string ToString() => "AwsRequest";
}

/// <summary>For which day, region and service a signature counts.</summary>
internal sealed record AwsScope(DateTimeOffset Time, string Region, string Service)
{
    /// <summary>The time as AWS writes it: <c>20150830T123600Z</c>.</summary>
    public string Stamp => Time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Its day: <c>20150830</c>.</summary>
    public string Day => Time.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    public override string ToString() => $"{Day}/{Region}/{Service}/aws4_request";
}
