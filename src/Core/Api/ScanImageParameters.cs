using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>What may be asked of a scan beside StackRox's request: additions of this app.</summary>
/// <param name="Platform"><c>os/architecture[/variant]</c>; "" for the usual one.</param>
/// <param name="Gate">Also say in headers whether a build with this image may go on (<c>X-Gate-Verdict</c>, <c>X-Gate-Alerts</c>).</param>
public sealed record ScanImageParameters(string Platform, bool Gate)
{
    /// <summary>The platform; null for the usual one.</summary>
    internal Platform? Wanted => new PlatformRequest(Platform).Wanted;

    /// <summary>Reads the query parameters. Throws <see cref="ApiException"/> with code 3 if one cannot be read.</summary>
    public static ScanImageParameters Read(IQueryCollection query) => new(PlatformRequest.Read(query).Platform, new RequestQuery(query).Flag("gate"));
}
