using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Clusters;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Writes what an image holds in SPDX 2.3, as StackRox does since 4.7
/// (https://github.com/stackrox/stackrox/blob/4.7.0/central/image/service/http_handler.go), and scans it if need be. Errors are said in its words, and
/// in the form of all errors here.
/// </summary>
public sealed class SbomApi(CallerScans scans, DelegationApi delegation) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler> { [Operations.Sbom] = SbomAsync };

    private async Task<ApiResult> SbomAsync(HttpContext context, CancellationToken cancellationToken)
    {
        SbomRequest request = await SbomRequest.ReadAsync(context.Request, cancellationToken);
        try
        {
            Cluster? named = await delegation.NamedAsync(request.Cluster, cancellationToken);
            ImageReference image = ReferenceOf(request);
            // A document cannot be fetched later, so it is always waited for.
            Preferences preferences = scans.PreferencesOf(context.Request) with { RespondAsync = false };
            Scan scan = await scans.ScanAsync(image, new CallerRequest(named, Platform: null, request.Force), preferences, cancellationToken);
            var document = new MemoryStream();
            Spdx.Write(scan with { Names = [image] }, document);
            return ApiResult.Document(document.ToArray())
                .With("Content-Disposition", $"attachment; filename={FileNameOf(request.ImageName)}.json")
                .With(Preferences.AppliedHeader, preferences.AppliedWait);
        }
        catch (Exception failure) when (failure is ApiException or DelegationException)
        {
            throw Refusals.NoSbom(ErrorTable.ErrorFor(failure, context.TraceIdentifier));
        }
    }

    /// <summary>
    /// A name for a file: lower-case letters, digits and single dashes of it
    /// (https://github.com/stackrox/stackrox/blob/4.7.0/pkg/zip/safe_filename.go).
    /// </summary>
    internal static string FileNameOf(string imageName)
    {
        var name = new StringBuilder(imageName.Length);
        foreach (char character in imageName.ToLowerInvariant())
        {
            char safe = character is ' ' or '&' or '_' or '=' or '+' or ':' or '/' ? '-' : character;
            if (char.IsAsciiLetterOrDigit(safe) || (safe == '-' && !(name.Length > 0 && name[^1] == '-')))
            {
                name.Append(safe);
            }
        }

        return name.ToString();
    }

    private static ImageReference ReferenceOf(SbomRequest request)
    {
        ImageReference image = CallerScans.ReferenceOf(request.ImageName);
        return request.Digest.Length == 0 || image.Digest is not null ? image : CallerScans.ReferenceOf($"{image.FullName}@{request.Digest}");
    }
}
