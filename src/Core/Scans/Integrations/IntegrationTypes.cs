namespace ImageScan.Core.Scans.Integrations;

/// <summary>
/// What StackRox calls the products it knows (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/registries/types/types.go,
/// https://github.com/stackrox/stackrox/blob/4.5.0/pkg/scanners/types/types.go).
/// </summary>
internal static class IntegrationTypes
{
    public const string ArtifactRegistry = "artifactregistry";
    public const string Artifactory = "artifactory";
    public const string Azure = "azure";
    public const string Clairify = "clairify";
    public const string Docker = "docker";
    public const string Ecr = "ecr";
    public const string Google = "google";
    public const string Ibm = "ibm";
    public const string Nexus = "nexus";
    public const string Quay = "quay";
    public const string RedHat = "rhel";
    public const string ScannerV4 = "scannerv4";
}
