using ImageScan.Core.Access;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>Who a caller is to those who ask for exceptions and decide about them.</summary>
internal static class ExceptionCallers
{
    public static ExceptionCaller ExceptionCaller(this HttpContext context)
    {
        AccessDecision decision = context.Features.Get<AccessDecision>() ?? throw new InvalidOperationException("The request has passed no gate.");
        return new ExceptionCaller(
            new ExceptionActor(decision.CallerId, decision.Caller), AccessRoles.RightsOf(decision.Roles).HasFlag(AccessRights.Approve));
    }
}
