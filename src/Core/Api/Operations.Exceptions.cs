using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// What is decided not to be shown: snoozed CVEs, exceptions, and the requests of older clients.
public static partial class Operations
{
    // https://github.com/stackrox/stackrox/blob/4.5.0/central/vulnmgmt/vulnerabilityrequest/service/v2/service_impl.go
    private const string Requests = "VulnerabilityManagementRequests";
    private const string Approvals = "VulnerabilityManagementApprovals";

    public static Operation SuppressCves { get; } = new("SuppressCves", "PATCH", Routes.SuppressCves, RequiredAccess.Approve)
    {
        Resource = Approvals,
        Changes = true,
        Body = typeof(SuppressCvesRequest),
        Answer = typeof(WireEmpty),
        Summary = "Snoozes CVEs in all images for a while.",
    };

    public static Operation UnsuppressCves { get; } = new("UnsuppressCves", "PATCH", Routes.UnsuppressCves, RequiredAccess.Approve)
    {
        Resource = Approvals,
        Changes = true,
        Body = typeof(UnsuppressCvesRequest),
        Answer = typeof(WireEmpty),
        Summary = "Shows snoozed CVEs again.",
    };

    public static Operation ListExceptions { get; } = new("ListExceptions", "GET", Routes.Exceptions, RequiredAccess.Read)
    {
        Resource = Requests,
        Parameters = typeof(ListExceptionsRequest),
        Answer = typeof(WireExceptions),
        Summary = "Lists exceptions, a hundred at most.",
    };

    public static Operation GetException { get; } = new("GetException", "GET", Routes.GetException, RequiredAccess.Read)
    {
        Resource = Requests,
        Answer = typeof(WireExceptionAnswer),
        Summary = "Gives one exception.",
    };

    public static Operation CreateDeferralException { get; } = new("CreateDeferralException", "POST", Routes.DeferException, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
        Body = typeof(DeferExceptionRequest),
        Answer = typeof(WireExceptionAnswer),
        Summary = "Asks that CVEs be put off in some images.",
    };

    public static Operation CreateFalsePositiveException { get; } =
        new("CreateFalsePositiveException", "POST", Routes.FalsePositiveException, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
        Body = typeof(FalsePositiveExceptionRequest),
        Answer = typeof(WireExceptionAnswer),
        Summary = "Asks that CVEs be taken for false positives in some images.",
    };

    public static Operation UpdateException { get; } = new("UpdateException", "PATCH", Routes.GetException, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
        Body = typeof(UpdateExceptionRequest),
        Answer = typeof(WireExceptionAnswer),
        Summary = "Asks that an exception be changed; what acts goes on as it was until that is approved.",
    };

    public static Operation ApproveException { get; } = new("ApproveException", "POST", Routes.ApproveException, RequiredAccess.Approve)
    {
        Resource = Approvals,
        Changes = true,
        Body = typeof(DecideExceptionRequest),
        Answer = typeof(WireExceptionAnswer),
        Summary = "Approves an exception, or the change of one.",
    };

    public static Operation DenyException { get; } = new("DenyException", "POST", Routes.DenyException, RequiredAccess.Approve)
    {
        Resource = Approvals,
        Changes = true,
        Body = typeof(DecideExceptionRequest),
        Answer = typeof(WireExceptionAnswer),
        Summary = "Denies an exception, or the change of one.",
    };

    public static Operation CancelException { get; } = new("CancelException", "POST", Routes.CancelException, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
        Answer = typeof(WireExceptionAnswer),
        Summary = "Ends an exception at once.",
    };

    public static Operation DeleteException { get; } = new("DeleteException", "DELETE", Routes.GetException, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
        Answer = typeof(WireEmpty),
        Summary = "Takes back an exception, or a change of one, that is pending.",
    };

    public static Operation ListCveRequests { get; } = new("ListCveRequests", "GET", Routes.CveRequests, RequiredAccess.Read)
    {
        Resource = Requests,
        Parameters = typeof(ListExceptionsRequest),
        Answer = typeof(WireVulnerabilityRequests),
        Summary = "Lists exceptions in the form of older clients, a thousand at most.",
    };

    public static Operation GetCveRequest { get; } = new("GetCveRequest", "GET", Routes.GetCveRequest, RequiredAccess.Read)
    {
        Resource = Requests,
        Answer = typeof(WireVulnerabilityRequestAnswer),
        Summary = "Gives one exception in the form of older clients; null if there is none.",
    };

    public static Operation DeferCve { get; } = new("DeferCve", "POST", Routes.DeferCve, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
        Body = typeof(DeferCveRequest),
        Answer = typeof(WireVulnerabilityRequestAnswer),
        Summary = "Asks that a CVE be put off, in the form of older clients.",
    };

    public static Operation MarkCveFalsePositive { get; } = new("MarkCveFalsePositive", "POST", Routes.FalsePositiveCve, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
        Body = typeof(FalsePositiveCveRequest),
        Answer = typeof(WireVulnerabilityRequestAnswer),
        Summary = "Asks that a CVE be taken for a false positive, in the form of older clients.",
    };

    public static Operation ApproveCveRequest { get; } = new("ApproveCveRequest", "POST", Routes.ApproveCveRequest, RequiredAccess.Approve)
    {
        Resource = Approvals,
        Changes = true,
        Body = typeof(DecideExceptionRequest),
        Answer = typeof(WireVulnerabilityRequestAnswer),
        Summary = "Approves an exception, in the form of older clients.",
    };

    public static Operation DenyCveRequest { get; } = new("DenyCveRequest", "POST", Routes.DenyCveRequest, RequiredAccess.Approve)
    {
        Resource = Approvals,
        Changes = true,
        Body = typeof(DecideExceptionRequest),
        Answer = typeof(WireVulnerabilityRequestAnswer),
        Summary = "Denies an exception, in the form of older clients.",
    };

    public static Operation UpdateCveRequest { get; } = new("UpdateCveRequest", "POST", Routes.UpdateCveRequest, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
        Body = typeof(Api.UpdateCveRequest),
        Answer = typeof(WireVulnerabilityRequestAnswer),
        Summary = "Asks for another end of a deferral, in the form of older clients.",
    };

    public static Operation UndoCveRequest { get; } = new("UndoCveRequest", "POST", Routes.UndoCveRequest, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
        Answer = typeof(WireVulnerabilityRequestAnswer),
        Summary = "Ends an exception at once, in the form of older clients.",
    };

    public static Operation DeleteCveRequest { get; } = new("DeleteCveRequest", "DELETE", Routes.GetCveRequest, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
        Answer = typeof(WireEmpty),
        Summary = "Takes back an exception, or a change of one, that is pending.",
    };

    private static IEnumerable<Operation> OfExceptions =>
    [
        SuppressCves, UnsuppressCves, ListExceptions, GetException, CreateDeferralException, CreateFalsePositiveException,
        UpdateException, ApproveException, DenyException, CancelException, DeleteException, ListCveRequests, GetCveRequest,
        DeferCve, MarkCveFalsePositive, ApproveCveRequest, DenyCveRequest, UpdateCveRequest, UndoCveRequest, DeleteCveRequest,
    ];
}
