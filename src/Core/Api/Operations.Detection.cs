using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// Whether a build may go on.
public static partial class Operations
{
    // https://github.com/stackrox/stackrox/blob/4.5.0/central/policy/service/service_impl.go
    private const string WorkflowAdministration = "WorkflowAdministration";

    /// <summary>
    /// In StackRox it takes the right to see detection, and scans all the same
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/central/detection/service/service_impl.go); here who scans must be allowed to.
    /// </summary>
    public static Operation DetectBuild { get; } = new("DetectBuild", "POST", Routes.DetectBuild, RequiredAccess.Scan)
    {
        Resource = "Detection",
        OnlyReads = true,
        Summary = "Tells which policies an image violates, and scans it if need be.",
        Body = typeof(DetectBuildRequest),
        Parameters = typeof(PlatformRequest),
        Answer = typeof(WireBuildDetection),
    };

    public static Operation ListPolicies { get; } = new("ListPolicies", "GET", Routes.Policies, RequiredAccess.Read)
    {
        Resource = WorkflowAdministration,
        Summary = "Lists the policies that builds are held against, in short.",
        Answer = typeof(WireListPolicies),
    };

    public static Operation GetPolicy { get; } = new("GetPolicy", "GET", Routes.GetPolicy, RequiredAccess.Read)
    {
        Resource = WorkflowAdministration,
        Summary = "Gives one policy.",
        Answer = typeof(WirePolicy),
    };

    private static IEnumerable<Operation> OfDetection => [DetectBuild, ListPolicies, GetPolicy];
}
