namespace ImageScan.Core.Api;

// Harbor's scanner adapter: what Harbor adds to the endpoint of a scanner, which is this app's address and /harbor
// (https://github.com/goharbor/pluggable-scanner-spec/blob/main/api/spec/scanner-adapter-openapi-v1.2.yaml and
// https://github.com/goharbor/harbor/blob/v2.12.0/src/pkg/scan/rest/v1/spec.go).
public static partial class Routes
{
    public const string HarborMetadata = "harbor/api/v1/metadata";
    public const string HarborScan = "harbor/api/v1/scan";
    public const string HarborReport = "harbor/api/v1/scan/{id}/report";
}
