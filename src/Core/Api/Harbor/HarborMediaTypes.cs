using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ImageScan.Core.Api.Harbor;

/// <summary>
/// The media types of a scanner adapter
/// (https://github.com/goharbor/pluggable-scanner-spec/blob/main/api/spec/scanner-adapter-openapi-v1.2.yaml), written as there: Harbor compares texts.
/// </summary>
internal static class HarborMediaTypes
{
    public const string Metadata = "application/vnd.scanner.adapter.metadata+json; version=1.1";
    public const string OlderMetadata = "application/vnd.scanner.adapter.metadata+json; version=1.0";
    public const string ScanRequest = "application/vnd.scanner.adapter.scan.request+json; version=1.1";
    public const string ScanResponse = "application/vnd.scanner.adapter.scan.response+json; version=1.0";
    public const string VulnerabilityReport = "application/vnd.security.vulnerability.report; version=1.1";
    public const string SbomReport = "application/vnd.security.sbom.report+json; version=1.0";
    public const string Error = "application/vnd.scanner.adapter.error+json; version=1.0";

    public const string Spdx = "application/spdx+json";
    public const string CycloneDx = "application/vnd.cyclonedx+json";

    /// <summary>
    /// The type of those offered that a caller likes best, the first for one who does not say; null if it takes none of them. A type without a version
    /// stands for the first offered of its name.
    /// </summary>
    public static string? Chosen(StringValues accept, params IReadOnlyList<string> offered)
    {
        if (StringValues.IsNullOrEmpty(accept))
        {
            return offered[0];
        }

        if (!MediaTypeHeaderValue.TryParseList(accept, out IList<MediaTypeHeaderValue>? wanted))
        {
            return null;
        }

        return wanted
            .Where(type => type.Quality is not 0)
            .OrderByDescending(type => type.Quality ?? 1)
            .Select(type => offered.FirstOrDefault(offer => IsMet(type, MediaTypeHeaderValue.Parse(offer))))
            .FirstOrDefault(offer => offer is not null);
    }

    private static bool IsMet(MediaTypeHeaderValue wanted, MediaTypeHeaderValue offer)
    {
        if (wanted.MatchesAllTypes || (wanted.MatchesAllSubTypes && wanted.Type.Equals(offer.Type, StringComparison.OrdinalIgnoreCase)))
        {
            return true;
        }

        StringSegment version = VersionOf(wanted);
        return wanted.MediaType.Equals(offer.MediaType, StringComparison.OrdinalIgnoreCase)
            && (version.Length == 0 || version.Equals(VersionOf(offer), StringComparison.Ordinal));
    }

    private static StringSegment VersionOf(MediaTypeHeaderValue type) => HeaderUtilities.RemoveQuotes(
        type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase))?.Value ?? StringSegment.Empty);
}
