using ImageScan.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>Whether the app is ready: a word for everybody, and what is wrong for those who may read.</summary>
public sealed class ReadinessApi(Readiness readiness) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler> { [Operations.Ready] = AnswerAsync };

    private async Task<ApiResult> AnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> faults = await readiness.FaultsAsync(cancellationToken);
        if (faults.Count == 0)
        {
            return ApiResult.Text("ready");
        }

        bool mayRead = context.Features.Get<AccessDecision>() is { } caller && AccessRoles.RightsOf(caller.Roles).HasFlag(AccessRights.Read);
        throw new ApiException(GrpcCode.Unavailable, mayRead ? $"not ready: {string.Join("; ", faults)}" : "not ready");
    }
}
