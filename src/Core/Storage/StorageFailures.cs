using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ImageScan.Core.Storage;

/// <summary>
/// Turns "no answer" and "not allowed" of any storage client into a <see cref="StorageException"/> that names the account and the setting.
/// Stands before the retries, so it sees only what they could not mend.
/// </summary>
internal sealed class StorageFailures(string account) : HttpPipelinePolicy
{
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            ProcessNext(message, pipeline);
        }
        catch (Exception failure) when (IsFailure(failure, message))
        {
            throw NoAnswer(failure);
        }

        RefuseRefusal(message);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        catch (Exception failure) when (IsFailure(failure, message))
        {
            throw NoAnswer(failure);
        }

        RefuseRefusal(message);
    }

    // Azure.Core throws an AggregateException after several tries, RequestFailedException without status after one, and cancels what is too slow.
    private static bool IsFailure(Exception failure, HttpMessage message) =>
        failure is AggregateException or RequestFailedException or Azure.Identity.AuthenticationFailedException or IOException
        || (failure is OperationCanceledException && !message.CancellationToken.IsCancellationRequested);

    private StorageException NoAnswer(Exception failure) =>
        new(
            $"Storage {account} does not answer: {Innermost(failure).Message} "
            + "Check AzureWebJobsStorage, or the AzureWebJobsStorage__* settings of an identity.",
            failure);

    private void RefuseRefusal(HttpMessage message)
    {
        int status = message.Response.Status;
        if (status is not (401 or 403 or >= 500))
        {
            return;
        }

        string code = message.Response.Headers.TryGetValue("x-ms-error-code", out string? given) ? $" {given}" : "";
        string remedy = status >= 500
            ? "The account is busy or out of order: try again later."
            : "Check the key in AzureWebJobsStorage; an identity needs the roles Storage Table Data Contributor, Storage Queue Data Contributor and "
                + "Storage Blob Data Contributor.";
        throw new StorageException($"Storage {account} answered {status}{code} to {message.Request.Method} at {message.Request.Uri.Host}. {remedy}");
    }

    private static Exception Innermost(Exception failure) =>
        failure is AggregateException { InnerExceptions: [.., var last] } ? Innermost(last) : failure.InnerException is { } inner ? Innermost(inner) : failure;
}
