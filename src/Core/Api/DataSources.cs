using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Integrations;

namespace ImageScan.Core.Api;

/// <summary>The integrations that an answer names as its sources.</summary>
public static class DataSources
{
    /// <summary>The scanner whose form and rules these answers follow; which software made them is in <c>scannerVersion</c>.</summary>
    public static WireDataSource Scanner { get; } = new() { Id = DefaultIntegrations.ScannerV4.Id, Name = DefaultIntegrations.ScannerV4.Name };

    /// <summary>The integration that read a scan; for what is not known of, that of the registry host in its name.</summary>
    public static WireDataSource Of(Scan scan, string host) => scan.ReadFrom switch
    {
        null => OfRegistry(host),
        // A mirror of the settings, which name no integration.
        { Id: "" } bySettings => Of(DefaultIntegrations.OfHost(host) with { Mirror = bySettings.Mirror }),
        var origin => Of(origin),
    };

    /// <summary>The integration for a registry host: a default row, or one named after the host with an id that follows from it.</summary>
    public static WireDataSource OfRegistry(string host) => Of(DefaultIntegrations.OfHost(host));

    private static WireDataSource Of(ImageOrigin origin) => new() { Id = origin.Id, Name = origin.Name, Mirror = origin.Mirror };
}
