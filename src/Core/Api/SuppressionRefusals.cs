using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;

namespace ImageScan.Core.Api;

/// <summary>
/// The errors about exceptions and snoozed CVEs, in StackRox's words
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/vulnmgmt/vulnerabilityrequest/service/v2/service_impl.go).
/// </summary>
public static class SuppressionRefusals
{
    /// <summary>
    /// What is said of a refusal. An exception that there is not, or that is in another state than it should be, is a 500 in StackRox since nothing
    /// classes that error; here it is the caller's, so that nobody looks for a fault of the server, or tries again.
    /// </summary>
    public static ApiException Of(SuppressionRefusedException refusal) => new(
        refusal.Refusal switch
        {
            SuppressionRefusal.Invalid => GrpcCode.InvalidArgument,
            SuppressionRefusal.Unknown => GrpcCode.NotFound,
            SuppressionRefusal.AlreadyCovered => GrpcCode.AlreadyExists,
            SuppressionRefusal.NotAllowed => GrpcCode.PermissionDenied,
            _ => GrpcCode.FailedPrecondition,
        },
        refusal.Message);

    /// <summary>
    /// What comes of a change; why it is refused is said with what it happened in, as wrapped errors of Go read. In StackRox those of the manager
    /// and of its caller often say the same.
    /// </summary>
    public static async Task<VulnerabilityException> InAsync(string what, Task<VulnerabilityException> change)
    {
        try
        {
            return await change;
        }
        catch (SuppressionRefusedException refused)
        {
            throw refused.In(what);
        }
    }

    /// <summary>There is no such exception; or snoozing is switched off, as it is in 4.5 by ROX_VULN_MGMT_UNIFIED_CVE_DEFERRAL.</summary>
    public static ApiException NotFound() => new(GrpcCode.NotFound, "not found");

    /// <summary>A request without what it is about.</summary>
    public static ApiException Missing(string what) => new(GrpcCode.InvalidArgument, $"invalid arguments: {what}");
}
