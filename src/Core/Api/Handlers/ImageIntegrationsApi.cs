using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Integrations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Registries that are managed over the API, as StackRox's ImageIntegrationService does
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/imageintegration/service/service_impl.go).
/// </summary>
public sealed class ImageIntegrationsApi(ImageIntegrations integrations, IntegrationTest test) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.ListImageIntegrations] = ListAsync,
        [Operations.GetImageIntegration] = GetAsync,
        [Operations.PostImageIntegration] = PostAsync,
        [Operations.PutImageIntegration] = PutAsync,
        [Operations.UpdateImageIntegration] = UpdateAsync,
        [Operations.DeleteImageIntegration] = DeleteAsync,
        [Operations.TestImageIntegration] = TestAsync,
        [Operations.TestUpdatedImageIntegration] = TestUpdatedAsync,
    };

    private async Task<ApiResult> ListAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ListImageIntegrationsRequest request = ListImageIntegrationsRequest.Read(context.Request.Query);
        IntegrationSet set = await integrations.CurrentAsync(cancellationToken);
        IEnumerable<ImageIntegration> asked = set.All
            .Where(integration => request.Cluster.Length == 0 && (request.Name.Length == 0 || integration.Name == request.Name));
        return ApiResult.Json(new WireImageIntegrations([.. asked.Select(ImageIntegrationAnswer.Of)]));
    }

    private async Task<ApiResult> GetAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string id = IdOf(context);
        IntegrationSet set = await integrations.CurrentAsync(cancellationToken);
        return set.Find(id)?.Integration is { } integration
            ? ApiResult.Json(ImageIntegrationAnswer.Of(integration))
            : throw new ApiException(GrpcCode.NotFound, $"image integration {HostileText.Plain(id)} not found: not found");
    }

    private async Task<ApiResult> PostAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ImageIntegration wanted = ImageIntegrationFields.Read(await RequestBody.ReadAsync(context.Request, cancellationToken), id: null);
        Note(context, wanted);
        if (wanted.Id.Length > 0)
        {
            throw Wrong("id field should be empty when posting a new image integration");
        }

        if (ImageIntegrationChecks.IsScannerV4(wanted))
        {
            throw Wrong("scanner V4 integration cannot be manually created");
        }

        ImageIntegration prepared = await PreparedAsync(wanted, SecretSource.Request, cancellationToken);
        ImageIntegration added = await integrations.AddAsync(prepared, cancellationToken);
        Note(context, added);
        return ApiResult.Json(ImageIntegrationAnswer.Of(added));
    }

    private async Task<ApiResult> PutAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ImageIntegration wanted = ImageIntegrationFields.Read(await RequestBody.ReadAsync(context.Request, cancellationToken), IdOf(context));
        return await ReplaceAsync(context, wanted, SecretSource.Request, cancellationToken);
    }

    private async Task<ApiResult> UpdateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        RequestBody body = await RequestBody.ReadAsync(context.Request, cancellationToken);

        // The gateway puts the id of the path into a message that it makes if there is none.
        ImageIntegration wanted = ImageIntegrationFields.Read(body.Message("config") ?? RequestBody.Parse("{}"u8), IdOf(context));
        return await ReplaceAsync(context, wanted, SourceIn(body), cancellationToken);
    }

    private async Task<ApiResult> DeleteAsync(HttpContext context, CancellationToken cancellationToken)
    {
        // As in StackRox, what is not there is deleted.
        if (await integrations.RemoveAsync(IdOf(context), cancellationToken) is { } removed)
        {
            Note(context, removed);
        }

        return ApiResult.Json(new WireEmpty());
    }

    private async Task<ApiResult> TestAsync(HttpContext context, CancellationToken cancellationToken)
    {
        RequestBody body = await RequestBody.ReadAsync(context.Request, cancellationToken);
        return await TestAsync(context, body, SecretSource.Request, cancellationToken);
    }

    private async Task<ApiResult> TestUpdatedAsync(HttpContext context, CancellationToken cancellationToken)
    {
        RequestBody body = await RequestBody.ReadAsync(context.Request, cancellationToken);
        return await TestAsync(context, body.Message("config") ?? throw Wrong("empty integration"), SourceIn(body), cancellationToken);
    }

    // Whoever tests wants the test, whatever skipTestIntegration says.
    private async Task<ApiResult> TestAsync(HttpContext context, RequestBody body, SecretSource source, CancellationToken cancellationToken)
    {
        ImageIntegration wanted = ImageIntegrationFields.Read(body, id: null);
        Note(context, wanted);
        await test.RunAsync(await integrations.PrepareAsync(wanted, source, cancellationToken), cancellationToken);
        return ApiResult.Json(new WireEmpty());
    }

    private async Task<ApiResult> ReplaceAsync(HttpContext context, ImageIntegration wanted, SecretSource source, CancellationToken cancellationToken)
    {
        Note(context, wanted);
        await PreparedAsync(wanted, source, cancellationToken);
        await integrations.ReplaceAsync(wanted, source, cancellationToken);
        return ApiResult.Json(new WireEmpty());
    }

    // Nobody is asked about what could not be kept.
    private async Task<ImageIntegration> PreparedAsync(ImageIntegration wanted, SecretSource source, CancellationToken cancellationToken)
    {
        ImageIntegration prepared = await integrations.PrepareAsync(wanted, source, cancellationToken);
        integrations.EnsureCanKeep(prepared);
        if (!prepared.SkipTestIntegration)
        {
            await InSaveAsync(test.RunAsync(prepared, cancellationToken));
        }

        return prepared;
    }

    // StackRox adds its class once more to what a test says before something is kept.
    private static async Task InSaveAsync(Task testing)
    {
        try
        {
            await testing;
        }
        catch (ImageIntegrationRefusedException refused) when (refused.Refusal == ImageIntegrationRefusal.Wrong)
        {
            throw Wrong(refused.Message);
        }
    }

    private static SecretSource SourceIn(RequestBody body) => body.Flag("updatePassword") ? SecretSource.Request : SecretSource.Kept;

    private static void Note(HttpContext context, ImageIntegration integration) => AuditNotes.Add(
        context,
        $"integration {HostileText.Quote(integration.Id)} {HostileText.Quote(integration.Name)} of type {HostileText.Quote(integration.Type)}, "
            + $"secrets in the request: {(integration.Secrets.Fields.Count > 0 ? "yes" : "no")}");

    private static ApiException Wrong(string message) => new(GrpcCode.InvalidArgument, $"{message}: invalid arguments");

    private static string IdOf(HttpContext context) => context.GetRouteValue("id") as string ?? "";
}
