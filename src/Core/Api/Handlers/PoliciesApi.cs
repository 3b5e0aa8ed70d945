using ImageScan.Core.Api.Wire;
using ImageScan.Core.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Shows the policies, as PolicyService of StackRox does (https://github.com/stackrox/stackrox/blob/4.5.0/central/policy/service/service_impl.go);
/// they are a file, so nothing changes them.
/// </summary>
public sealed class PoliciesApi(PolicySet policies) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.ListPolicies] = (_, _) => Task.FromResult(
            ApiResult.Json(new WireListPolicies([.. policies.All.Select(PolicyAnswer.ToListPolicy)]))),
        [Operations.GetPolicy] = (context, _) => Task.FromResult(GetPolicy(context)),
    };

    private ApiResult GetPolicy(HttpContext context)
    {
        string id = context.GetRouteValue("id") as string ?? "";
        return ApiResult.Json(PolicyAnswer.Of(policies.Find(id) ?? throw Refusals.PolicyUnknown(id)));
    }
}
