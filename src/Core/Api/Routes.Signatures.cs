namespace ImageScan.Core.Api;

// Whose signatures are trusted.
public static partial class Routes
{
    public const string SignatureIntegrations = "v1/signatureintegrations";
    public const string GetSignatureIntegration = "v1/signatureintegrations/{id}";
}
