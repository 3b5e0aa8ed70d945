using Azure;
using ImageScan.Core.Access.Issuers;
using ImageScan.Core.Images;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Scans.Integrations;
using ImageScan.Core.Scans.Search;
using ImageScan.Core.Scans.Signing;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>The one place that says which error a caller gets for which exception.</summary>
public static class ErrorTable
{
    /// <summary>
    /// The error for an exception. What nobody foresaw is code 13 without its own text, which may hold anything; the log has it under
    /// <paramref name="requestId"/>.
    /// </summary>
    public static ApiException ErrorFor(Exception exception, string requestId) =>
        Listed(exception) ?? new ApiException(GrpcCode.Internal, $"internal error: the log says more under request {requestId}");

    /// <summary>Whether the table has a line for this exception; if not, somebody must look at it.</summary>
    public static bool Foresees(Exception exception) => Listed(exception) is not null;

    private static ApiException? Listed(Exception exception) => exception switch
    {
        ApiException error => error,
        // The web server gives up on a request: cut short, badly chunked, too long.
        BadHttpRequestException => new ApiException(GrpcCode.InvalidArgument, "the request could not be read to its end"),
        ImageQueryException refused => Refusals.QueryRefused(refused),
        DelegationException refusal => Refusals.DelegationRefused(refusal),
        SuppressionRefusedException refusal => SuppressionRefusals.Of(refusal),
        SignatureIntegrationRefusedException refusal => Refusals.SignatureIntegrationRefused(refusal),
        ImageIntegrationRefusedException refusal => Refusals.ImageIntegrationRefused(refusal),
        // StackRox's list of errors hides the class of its causes: 404, 401 and 429 of a registry all surface as 500 with text.
        RegistryException registry => new ApiException(GrpcCode.Internal, $"image enrichment error: {registry.Message}"),
        // HttpClient's own timeout comes as a cancellation with the reason inside.
        TimeoutException or OperationCanceledException { InnerException: TimeoutException } => Refusals.TooSlow(retryAfter: null),
        OperationCanceledException => new ApiException(GrpcCode.Canceled, "context canceled"),
        AdvisoryDatabaseException advisories => new ApiException(GrpcCode.Unavailable, advisories.Message),
        IssuerUnreachableException issuer => new ApiException(GrpcCode.Unavailable, issuer.Message),
        StorageException storage => new ApiException(GrpcCode.Unavailable, storage.Message),
        _ when StorageFailureIn(exception) is { } failure => new ApiException(
            GrpcCode.Unavailable,
            $"the storage account did not do what was asked (status {failure.Status}, {failure.ErrorCode ?? "no answer"}): "
                + "check the setting AzureWebJobsStorage"),
        _ => null,
    };

    // The clients' retries wrap what they met in an AggregateException.
    private static RequestFailedException? StorageFailureIn(Exception exception) => exception switch
    {
        RequestFailedException failure => failure,
        AggregateException { InnerExceptions: [var first, ..] } => StorageFailureIn(first),
        _ => null,
    };
}
