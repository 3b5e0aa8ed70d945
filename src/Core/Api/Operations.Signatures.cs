using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// Whose signatures are trusted
// (https://github.com/stackrox/stackrox/blob/4.5.0/central/signatureintegration/service/service_impl.go).
public static partial class Operations
{
    public static Operation ListSignatureIntegrations { get; } =
        new("ListSignatureIntegrations", "GET", Routes.SignatureIntegrations, RequiredAccess.Read)
        {
            Resource = Integration,
            Answer = typeof(WireSignatureIntegrations),
            Summary = "Lists whose signatures are trusted, by name.",
        };

    public static Operation GetSignatureIntegration { get; } =
        new("GetSignatureIntegration", "GET", Routes.GetSignatureIntegration, RequiredAccess.Read)
        {
            Resource = Integration,
            Answer = typeof(WireSignatureIntegration),
            Summary = "Gives one signature integration.",
        };

    public static Operation PostSignatureIntegration { get; } =
        new("PostSignatureIntegration", "POST", Routes.SignatureIntegrations, RequiredAccess.Admin)
        {
            Resource = Integration,
            Changes = true,
            Body = typeof(SignatureIntegrationRequest),
            Answer = typeof(WireSignatureIntegration),
            Summary = "Adds keys and certificates whose signatures are trusted.",
        };

    public static Operation PutSignatureIntegration { get; } =
        new("PutSignatureIntegration", "PUT", Routes.GetSignatureIntegration, RequiredAccess.Admin)
        {
            Resource = Integration,
            Changes = true,
            Body = typeof(SignatureIntegrationRequest),
            Answer = typeof(WireEmpty),
            Summary = "Puts a signature integration in the place of the one with its id.",
        };

    public static Operation DeleteSignatureIntegration { get; } =
        new("DeleteSignatureIntegration", "DELETE", Routes.GetSignatureIntegration, RequiredAccess.Admin)
        {
            Resource = Integration,
            Changes = true,
            Answer = typeof(WireEmpty),
            Summary = "Trusts the signatures of an integration no longer.",
        };

    private static IEnumerable<Operation> OfSignatures =>
    [
        ListSignatureIntegrations, GetSignatureIntegration, PostSignatureIntegration, PutSignatureIntegration, DeleteSignatureIntegration,
    ];
}
