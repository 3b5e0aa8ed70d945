using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Policies;
using ImageScan.Core.Scans.Signing;
using ImageScan.Core.Signatures;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Whose signatures are trusted: SignatureIntegrationService
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/signatureintegration/service/service_impl.go), in its words.
/// </summary>
public sealed class SignatureIntegrationsApi(SignatureIntegrations integrations, PolicySet policies) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.ListSignatureIntegrations] = ListAsync,
        [Operations.GetSignatureIntegration] = GetAsync,
        [Operations.PostSignatureIntegration] = PostAsync,
        [Operations.PutSignatureIntegration] = PutAsync,
        [Operations.DeleteSignatureIntegration] = DeleteAsync,
    };

    private async Task<ApiResult> ListAsync(HttpContext context, CancellationToken cancellationToken) =>
        ApiResult.Json(new WireSignatureIntegrations([.. (await integrations.ListAsync(cancellationToken)).Select(SignatureAnswer.Of)]));

    private async Task<ApiResult> GetAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string id = IdOf(context);
        return await integrations.FindAsync(id, cancellationToken) is { } integration
            ? ApiResult.Json(SignatureAnswer.Of(integration))
            : throw new SignatureIntegrationRefusedException(
                SignatureIntegrationRefusal.Unknown, $"failed to retrieve signature integration {HostileText.Quote(id)}: not found");
    }

    private async Task<ApiResult> PostAsync(HttpContext context, CancellationToken cancellationToken)
    {
        SignatureIntegrationRequest request = await SignatureIntegrationRequest.ReadAsync(context.Request, cancellationToken);
        SignatureIntegration added = await InAsync(
            "failed to create signature integration", () => integrations.AddAsync(request.ToIntegration(), cancellationToken));
        Note(context, added);
        return ApiResult.Json(SignatureAnswer.Of(added));
    }

    // The id in the path takes the place of the one in the body, as the gateway does it.
    private async Task<ApiResult> PutAsync(HttpContext context, CancellationToken cancellationToken)
    {
        SignatureIntegrationRequest request = await SignatureIntegrationRequest.ReadAsync(context.Request, cancellationToken);
        Note(context, await InAsync(
            "failed to update signature integration",
            () => integrations.ReplaceAsync(request.ToIntegration() with { Id = IdOf(context) }, cancellationToken)));
        return ApiResult.Json(new WireEmpty());
    }

    private async Task<ApiResult> DeleteAsync(HttpContext context, CancellationToken cancellationToken)
    {
        Note(context, await InAsync("failed to delete signature integration", () => RemoveAsync(IdOf(context), cancellationToken)));
        return ApiResult.Json(new WireEmpty());
    }

    // Every build would fail by a policy whose integration is gone
    // (https://github.com/stackrox/stackrox/blob/4.5.0/central/signatureintegration/datastore/datastore_impl.go).
    private async Task<SignatureIntegration> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> naming = policies.NamingSignatureIntegration(id);
        if (naming.Count > 0 && await integrations.FindAsync(id, cancellationToken) is { } named)
        {
            throw new SignatureIntegrationRefusedException(
                SignatureIntegrationRefusal.Referenced,
                $"cannot delete signature integration {HostileText.Quote(named.Name)} since there are existing policies that reference it: "
                    + $"[{HostileText.Plain(string.Join(',', naming))}]");
        }

        return await integrations.RemoveAsync(id, cancellationToken);
    }

    private static async Task<SignatureIntegration> InAsync(string what, Func<Task<SignatureIntegration>> change)
    {
        try
        {
            return await change();
        }
        catch (SignatureIntegrationRefusedException refused)
        {
            throw refused.In(what);
        }
    }

    private static void Note(HttpContext context, SignatureIntegration integration) => AuditNotes.Add(
        context,
        $"signature integration {HostileText.Quote(integration.Name)} ({integration.Id}): "
            + $"{integration.PublicKeys.Count} keys, {integration.Certificates.Count} certificates");

    private static string IdOf(HttpContext context) => context.GetRouteValue("id") as string ?? "";
}
