using System.Globalization;
using ImageScan.Core.Images;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Scans.Integrations;
using ImageScan.Core.Scans.Search;
using ImageScan.Core.Scans.Signing;

namespace ImageScan.Core.Api;

/// <summary>
/// The errors of ImageService in the words of StackRox 4.5, which clients match on
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/image/service/service_impl.go). Its error classes add themselves to the end
/// of a message: ": invalid arguments", ": not found".
/// </summary>
public static class Refusals
{
    public static ApiException ImageNameMissing() =>
        new(GrpcCode.InvalidArgument, "image name must be specified: invalid arguments");

    /// <param name="name">The name as the caller wrote it.</param>
    /// <param name="reason">In the words of distribution/reference.</param>
    public static ApiException ImageNameUnreadable(string name, string reason) =>
        new(GrpcCode.InvalidArgument, $"error parsing image name '{name}': {reason}: invalid arguments");

    /// <summary>
    /// The scan belongs to a cluster and cannot go there. StackRox gives what it does not class, as a lost connection, code 13
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/errox/grpc/codes.go).
    /// </summary>
    public static ApiException DelegationRefused(DelegationException refusal) => new(
        refusal.Failure switch
        {
            DelegationFailure.ClusterUnknown => GrpcCode.NotFound,
            DelegationFailure.NoClusterNamed => GrpcCode.InvalidArgument,
            _ => GrpcCode.Internal,
        },
        refusal.Message);

    /// <summary>
    /// A cluster was asked and did not scan the image. The name is said, which 4.5 meant to
    /// (https://github.com/stackrox/stackrox/issues/12567).
    /// </summary>
    /// <param name="cluster">The cluster that was asked.</param>
    /// <param name="image">The image.</param>
    /// <param name="error">What would have been said had the scan failed here.</param>
    public static ApiException DelegatedScanFailed(Cluster cluster, ImageReference image, ApiException error) => new(
        error.Code,
        $"error delegating scan to cluster {HostileText.Quote(cluster.Id)} for {HostileText.Quote(image.FullName)}: {error.Message}",
        error.RetryAfter);

    /// <summary>
    /// What since 4.8 is said when an image was to be delegated, no cluster is named for it, and it could not be scanned here either
    /// (https://github.com/stackrox/stackrox/blob/4.8.0/pkg/images/enricher/enricher_impl.go, pkg/errorhelpers/error_list.go).
    /// </summary>
    /// <param name="error">What is said of the scan here.</param>
    public static ApiException NotDelegatedAndFailed(ApiException error)
    {
        const string One = "image enrichment error: ";
        return error.Code != GrpcCode.Internal || !error.Message.StartsWith(One, StringComparison.Ordinal)
            ? error
            : new ApiException(
                error.Code,
                $"image enrichment errors: [{error.Message[One.Length..]}, "
                    + "no cluster specified for delegated scanning and Central scan attempt failed]");
    }

    /// <summary>
    /// The configuration of delegated scanning cannot be; every reason is said
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/central/delegatedregistryconfig/service/service.go).
    /// </summary>
    public static ApiException DelegationConfigWrong(IEnumerable<string> reasons) =>
        new(GrpcCode.InvalidArgument, $"invalid arguments: {string.Join('\n', reasons)}");

    /// <summary>Nothing is done about a signature integration.</summary>
    public static ApiException SignatureIntegrationRefused(SignatureIntegrationRefusedException refused) => new(
        refused.Refusal switch
        {
            SignatureIntegrationRefusal.Invalid => GrpcCode.InvalidArgument,
            SignatureIntegrationRefusal.Unknown => GrpcCode.NotFound,
            SignatureIntegrationRefusal.NameTaken => GrpcCode.AlreadyExists,
            _ => GrpcCode.FailedPrecondition,
        },
        refused.Message);

    /// <summary>There is no cluster to be listed.</summary>
    public static ApiException NoClusters() => new(GrpcCode.NotFound, "no clusters found");

    /// <summary>
    /// Nobody says which image is to be held against the policies
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/central/detection/service/service_impl.go).
    /// </summary>
    public static ApiException DetectedImageMissing() => new(GrpcCode.InvalidArgument, "invalid arguments: image or image_name must be specified");

    /// <summary>All is to be read again, and no registry to be asked.</summary>
    public static ApiException ForceWithoutMetadata() =>
        new(GrpcCode.InvalidArgument, "force option is incompatible with not fetching metadata from external sources");

    /// <summary>No policy has those categories. StackRox gives this no class, so it is a 500 there, which clients send again.</summary>
    public static ApiException CategoriesUnknown(IEnumerable<string> categories) => new(
        GrpcCode.InvalidArgument, $"allowed categories [{string.Join(' ', categories.Select(HostileText.Quote))}] did not match any policy categories");

    /// <summary>There is no such policy (https://github.com/stackrox/stackrox/blob/4.5.0/central/policy/service/service_impl.go).</summary>
    public static ApiException PolicyUnknown(string id) => new(GrpcCode.NotFound, $"policy with ID '{HostileText.Plain(id)}' does not exist: not found");

    public static ApiException FormatUnknown(string name) => new(
        GrpcCode.InvalidArgument,
        $"format {HostileText.Quote(name)} is none of {string.Join(", ", ReportFormats.All.Select(format => format.Name).Prepend(ReportChoice.Json))}"
            + ": invalid arguments");

    public static ApiException SeverityUnknown(string word) => new(
        GrpcCode.InvalidArgument,
        $"severity {HostileText.Quote(word)} is none of {string.Join(", ", ReportFilter.SeverityWords.Keys)}: invalid arguments");

    public static ApiException ImageIdMissing() => new(GrpcCode.InvalidArgument, "id must be specified: invalid arguments");

    public static ApiException ImageUnknown(string id) =>
        new(GrpcCode.NotFound, $"image with id \"{id}\" does not exist: not found");

    /// <summary>There is such an image, and not by the name that is asked for.</summary>
    public static ApiException ImageNotNamed(string id, ImageReference name) =>
        new(GrpcCode.NotFound, $"image with id \"{id}\" has never had the name {HostileText.Quote(name.FullName)}: not found");

    /// <summary>Nobody deletes without saying what: StackRox gives this error no class, so it is a 500.</summary>
    public static ApiException ScopingQueryMissing() => new(GrpcCode.Internal, "a scoping query is required");

    /// <summary>The query that says what to delete cannot be read.</summary>
    /// <param name="error">What is wrong with it.</param>
    public static ApiException ScopingQueryUnreadable(ApiException error) => new(error.Code, $"error parsing query: {error.Message}");

    /// <summary>
    /// Not all images could be deleted while a caller waits. StackRox goes on until it is done or its caller gives up, of which the caller hears
    /// nothing; here the next request goes on.
    /// </summary>
    /// <param name="deleted">How many were deleted.</param>
    /// <param name="all">How many were to be.</param>
    /// <param name="isPage">Whether only some of those that the query finds were meant: then the same request would delete others, too.</param>
    public static ApiException NotAllDeleted(int deleted, int all, bool isPage)
    {
        string rest = isPage ? string.Create(CultureInfo.InvariantCulture, $"ask for {all - deleted} more") : "the same request deletes the others";
        return new ApiException(
            GrpcCode.DeadlineExceeded,
            string.Create(CultureInfo.InvariantCulture, $"context deadline exceeded: {deleted} of {all} images are deleted, {rest}"),
            isPage ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(1));
    }

    /// <summary>What goes wrong with a bill of materials (https://github.com/stackrox/stackrox/blob/4.7.0/central/image/service/http_handler.go).</summary>
    /// <param name="error">What a caller would be told who asked for a scan.</param>
    public static ApiException NoSbom(ApiException error) => new(error.Code, $"generating SBOM: {error.Message}", error.RetryAfter);

    /// <summary>
    /// How new the advisories are cannot be said
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/central/integrationhealth/service/service_impl.go).
    /// </summary>
    public static ApiException NoDefinitions(string reason) =>
        new(GrpcCode.Internal, $"failed to obtain vulnerability definitions information: {reason}");

    /// <summary>
    /// Lists are not sorted by that field. StackRox does not class it, so it is code 13
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/postgres/pagination.go).
    /// </summary>
    public static ApiException SortFieldUnknown(string field) => new(
        GrpcCode.Internal, $"field {HostileText.Plain(field.ToLowerInvariant())} does not exist in table images or connected tables");

    /// <summary>A query cannot be searched.</summary>
    public static ApiException QueryRefused(ImageQueryException refused) => new(GrpcCode.InvalidArgument, $"{refused.Message}: invalid arguments");

    /// <summary>An integration cannot be made, changed or tested as it was asked.</summary>
    public static ApiException ImageIntegrationRefused(ImageIntegrationRefusedException refused) => new(
        refused.Refusal switch
        {
            ImageIntegrationRefusal.Unknown => GrpcCode.NotFound,
            ImageIntegrationRefusal.Sealed => GrpcCode.FailedPrecondition,
            _ => GrpcCode.InvalidArgument,
        },
        refused.Message);

    /// <summary>There is no such scan, or its record has been removed.</summary>
    public static ApiException ScanUnknown(string id) => new(GrpcCode.NotFound, $"scan with id \"{id}\" does not exist: not found");

    /// <summary>
    /// A bare digest says what, but not where. As all trouble with registries it is a 500: StackRox's list of errors hides the class.
    /// </summary>
    public static ApiException RegistryMissing(ImageReference image) => new(
        GrpcCode.Internal,
        $"image enrichment error: error getting metadata for image: {image.FullName} error: invalid arguments: "
            + $"no registry is indicated for image \"{image.FullName}\"");

    /// <summary>What a caller is told whose scan of an image ended so; null for what has nothing to do with the image.</summary>
    public static ApiException? Of(ImageReference image, Exception failure) => failure switch
    {
        RegistryException registry => RegistryFailed(image, registry),
        ScanException scan => ScanFailed(image, scan),
        ScanPendingException pending => ScanPending(pending),
        ScanBusyException busy => TooManyCallers(busy),
        _ => null,
    };

    /// <summary>The registry did not give what was asked for.</summary>
    public static ApiException RegistryFailed(ImageReference image, RegistryException exception) => new(
        GrpcCode.Internal,
        $"image enrichment error: error getting metadata for image: {image.FullName} error: getting metadata from registry: "
            + $"\"{DataSources.OfRegistry(image.Registry).Name}\": {exception.Message}");

    /// <summary>The image could not be scanned, and no registry was to blame.</summary>
    public static ApiException ScanFailed(ImageReference image, ScanException exception) => new(
        GrpcCode.Internal, $"image enrichment error: error scanning image: {image.FullName} error: {exception.Message}");

    /// <summary>The caller has waited as long as a caller may; the scan goes on.</summary>
    public static ApiException ScanPending(ScanPendingException pending) =>
        new(GrpcCode.DeadlineExceeded, $"context deadline exceeded: {pending.Message}", pending.RetryAfter);

    /// <summary>Too many callers wait on this instance already.</summary>
    public static ApiException TooManyCallers(ScanBusyException busy) => new(GrpcCode.ResourceExhausted, busy.Message, busy.RetryAfter);

    /// <summary>The caller's time is over, the scan is not.</summary>
    public static ApiException TooSlow(TimeSpan? retryAfter) => new(GrpcCode.DeadlineExceeded, "context deadline exceeded", retryAfter);

    /// <summary>Nobody knows who asks.</summary>
    public static ApiException NoCredentials(string message) => new(GrpcCode.Unauthenticated, message);

    /// <summary>Too many wrong credentials have come from the caller's address.</summary>
    public static ApiException TooManyFailures(TimeSpan? retryAfter) =>
        new(GrpcCode.ResourceExhausted, "too many requests with wrong credentials from this address", retryAfter);

    /// <summary>The caller has sent as much as one may in a minute.</summary>
    public static ApiException TooManyRequests(TimeSpan? retryAfter) => new(GrpcCode.ResourceExhausted, "too many requests from this caller", retryAfter);

    public static ApiException NotAuthorized(Operation operation) => new(
        GrpcCode.PermissionDenied,
        $"not authorized: \"{GrantedAccess.NameOf(GrantedAccess.NeededBy(operation))}\" for \"{operation.Resource}\"");

    /// <summary>
    /// Several reasons as Go's multierror joins them (https://github.com/hashicorp/go-multierror/blob/v1.1.1/format.go).
    /// </summary>
    public static string ListOf(IReadOnlyList<string> reasons) =>
        $"{(reasons.Count == 1 ? "1 error" : $"{reasons.Count} errors")} occurred:\n\t* {string.Join("\n\t* ", reasons)}\n\n";
}
