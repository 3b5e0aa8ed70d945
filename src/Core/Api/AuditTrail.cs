using System.Net;
using ImageScan.Core.Access;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Api;

/// <summary>
/// Keeps who changed what: a row before the change is done, which is completed by what came of it, and a line in the log. A change whose row cannot be
/// written is not done.
/// </summary>
public sealed class AuditTrail(AuditStore store, AccessCheck access, TimeProvider time, ILogger<AuditTrail> logger)
{
    private const int MaxName = 300;
    private const int MaxPath = 1_000;
    private const int MaxReason = 500;

    // Parts of names of parameters whose values may let somebody in; code is the host's own key
    // (https://learn.microsoft.com/azure/azure-functions/function-keys-how-to).
    private static readonly string[] SecretNames = ["code", "key", "token", "secret", "password", "sig"];

    /// <summary>
    /// Does it and returns its answer; throws what it throws. Throws <see cref="StorageException"/>, and does nothing, if it cannot be kept.
    /// </summary>
    public async Task<ApiResult> RunAsync(
        Operation operation, AccessDecision caller, HttpContext context, ApiHandler handler, CancellationToken cancellationToken)
    {
        AuditEntry begun = Begin(operation, caller, context.Request);
        await store.SaveAsync(begun, cancellationToken);
        var notes = new AuditNotes();
        context.Features.Set(notes);
        try
        {
            ApiResult result = await handler(context, cancellationToken);
            await EndAsync(begun with { Notes = notes.All, Status = result.Status });
            return result;
        }
        catch (Exception failure)
        {
            ApiException error = ErrorTable.ErrorFor(failure, context.TraceIdentifier);
            await EndAsync(begun with
            {
                Notes = notes.All,
                Status = GrpcCodes.HttpStatusOf(error.Code),
                Reason = HostileText.Plain(error.Message, MaxReason),
            });
            throw;
        }
    }

    private AuditEntry Begin(Operation operation, AccessDecision caller, HttpRequest request) => new()
    {
        Id = Guid.NewGuid(),
        BegunAt = time.GetUtcNow(),
        CallerId = HostileText.Plain(caller.CallerId, MaxName),
        Caller = HostileText.Plain(caller.Caller, MaxName),
        Address = access.AddressOf(request) is { } address ? TextOf(address) : "",
        Operation = operation.Name,
        Method = operation.Method,
        Path = PathOf(request),
    };

    // Whoever asked is answered by what was done, so what cannot be completed is only said; and it is completed also for a caller who is gone.
    private async Task EndAsync(AuditEntry entry)
    {
        entry = entry with { EndedAt = time.GetUtcNow() };
        logger.LogInformation(
            "Change {Operation} {Status} by {CallerId} from {Address}: {Method} {Path} {Notes} ({AuditId})",
            entry.Operation,
            entry.Status,
            entry.CallerId,
            entry.Address,
            entry.Method,
            entry.Path,
            string.Join("; ", entry.Notes),
            entry.Id);
        try
        {
            await store.SaveAsync(entry, CancellationToken.None);
        }
        catch (StorageException failure)
        {
            logger.LogWarning("Audit entry {AuditId} not completed: {Reason}", entry.Id, HostileText.Plain(failure.Message, MaxReason));
        }
    }

    private static string TextOf(IPAddress address) => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    private static string PathOf(HttpRequest request)
    {
        IEnumerable<string> parameters = request.Query.Select(parameter =>
            $"{parameter.Key}={(IsSecret(parameter.Key) ? "…" : string.Join(',', parameter.Value.ToArray()))}");
        string query = string.Join('&', parameters);
        return HostileText.Plain(query.Length > 0 ? $"{request.Path}?{query}" : $"{request.Path}", MaxPath);
    }

    private static bool IsSecret(string name) => SecretNames.Any(secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase));
}
