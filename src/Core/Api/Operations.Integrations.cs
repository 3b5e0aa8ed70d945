using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// Which registries there are, and how they are read
// (https://github.com/stackrox/stackrox/blob/4.5.0/central/imageintegration/service/service_impl.go).
public static partial class Operations
{
    public static Operation ListImageIntegrations { get; } = new("ListImageIntegrations", "GET", Routes.ImageIntegrations, RequiredAccess.Read)
    {
        Resource = Integration,
        Parameters = typeof(ListImageIntegrationsRequest),
        Answer = typeof(WireImageIntegrations),
        Summary = "Lists the registries and scanners that are known, without their secrets.",
    };

    public static Operation GetImageIntegration { get; } = new("GetImageIntegration", "GET", Routes.GetImageIntegration, RequiredAccess.Read)
    {
        Resource = Integration,
        Answer = typeof(WireImageIntegration),
        Summary = "Gives one registry or scanner, without its secrets.",
    };

    public static Operation PostImageIntegration { get; } = new("PostImageIntegration", "POST", Routes.ImageIntegrations, RequiredAccess.Admin)
    {
        Resource = Integration,
        Changes = true,
        Body = typeof(WireImageIntegration),
        Answer = typeof(WireImageIntegration),
        Summary = "Makes a registry known, after a test unless skipTestIntegration says otherwise.",
    };

    public static Operation PutImageIntegration { get; } = new("PutImageIntegration", "PUT", Routes.GetImageIntegration, RequiredAccess.Admin)
    {
        Resource = Integration,
        Changes = true,
        Body = typeof(WireImageIntegration),
        Answer = typeof(WireEmpty),
        Summary = "Puts another in the place of one, with the secrets of the request.",
    };

    public static Operation UpdateImageIntegration { get; } = new("UpdateImageIntegration", "PATCH", Routes.GetImageIntegration, RequiredAccess.Admin)
    {
        Resource = Integration,
        Changes = true,
        Body = typeof(UpdateImageIntegrationRequest),
        Answer = typeof(WireEmpty),
        Summary = "Puts another in the place of one, with the secrets that are kept unless updatePassword says otherwise.",
    };

    public static Operation DeleteImageIntegration { get; } = new("DeleteImageIntegration", "DELETE", Routes.GetImageIntegration, RequiredAccess.Admin)
    {
        Resource = Integration,
        Changes = true,
        Answer = typeof(WireEmpty),
        Summary = "Deletes one.",
    };

    public static Operation TestImageIntegration { get; } = new("TestImageIntegration", "POST", Routes.TestImageIntegration, RequiredAccess.Admin)
    {
        Resource = Integration,
        Changes = true,
        Body = typeof(WireImageIntegration),
        Answer = typeof(WireEmpty),
        Summary = "Asks a registry with the secrets of the request whether they do.",
    };

    public static Operation TestUpdatedImageIntegration { get; } =
        new("TestUpdatedImageIntegration", "POST", Routes.TestUpdatedImageIntegration, RequiredAccess.Admin)
        {
            Resource = Integration,
            Changes = true,
            Body = typeof(UpdateImageIntegrationRequest),
            Answer = typeof(WireEmpty),
            Summary = "Asks a registry with the secrets that are kept, unless updatePassword says otherwise, whether they do.",
        };

    private static IEnumerable<Operation> OfIntegrations =>
    [
        ListImageIntegrations, GetImageIntegration, PostImageIntegration, PutImageIntegration, UpdateImageIntegration, DeleteImageIntegration,
        TestImageIntegration, TestUpdatedImageIntegration,
    ];
}
