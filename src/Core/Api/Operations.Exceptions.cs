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
        Answer = typeof(WireEmpty),
    };

    public static Operation UnsuppressCves { get; } = new("UnsuppressCves", "PATCH", Routes.UnsuppressCves, RequiredAccess.Approve)
    {
        Resource = Approvals,
        Changes = true,
        Answer = typeof(WireEmpty),
    };

    public static Operation ListExceptions { get; } = new("ListExceptions", "GET", Routes.Exceptions, RequiredAccess.Read)
    {
        Resource = Requests,
    };

    public static Operation GetException { get; } = new("GetException", "GET", Routes.GetException, RequiredAccess.Read)
    {
        Resource = Requests,
    };

    public static Operation CreateDeferralException { get; } = new("CreateDeferralException", "POST", Routes.DeferException, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
    };

    public static Operation CreateFalsePositiveException { get; } =
        new("CreateFalsePositiveException", "POST", Routes.FalsePositiveException, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
    };

    public static Operation UpdateException { get; } = new("UpdateException", "PATCH", Routes.GetException, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
    };

    public static Operation ApproveException { get; } = new("ApproveException", "POST", Routes.ApproveException, RequiredAccess.Approve)
    {
        Resource = Approvals,
        Changes = true,
    };

    public static Operation DenyException { get; } = new("DenyException", "POST", Routes.DenyException, RequiredAccess.Approve)
    {
        Resource = Approvals,
        Changes = true,
    };

    public static Operation CancelException { get; } = new("CancelException", "POST", Routes.CancelException, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
    };

    public static Operation DeleteException { get; } = new("DeleteException", "DELETE", Routes.GetException, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
        Answer = typeof(WireEmpty),
    };

    public static Operation ListCveRequests { get; } = new("ListCveRequests", "GET", Routes.CveRequests, RequiredAccess.Read)
    {
        Resource = Requests,
    };

    public static Operation GetCveRequest { get; } = new("GetCveRequest", "GET", Routes.GetCveRequest, RequiredAccess.Read)
    {
        Resource = Requests,
    };

    public static Operation DeferCve { get; } = new("DeferCve", "POST", Routes.DeferCve, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
    };

    public static Operation MarkCveFalsePositive { get; } = new("MarkCveFalsePositive", "POST", Routes.FalsePositiveCve, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
    };

    public static Operation ApproveCveRequest { get; } = new("ApproveCveRequest", "POST", Routes.ApproveCveRequest, RequiredAccess.Approve)
    {
        Resource = Approvals,
        Changes = true,
    };

    public static Operation DenyCveRequest { get; } = new("DenyCveRequest", "POST", Routes.DenyCveRequest, RequiredAccess.Approve)
    {
        Resource = Approvals,
        Changes = true,
    };

    public static Operation UpdateCveRequest { get; } = new("UpdateCveRequest", "POST", Routes.UpdateCveRequest, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
    };

    public static Operation UndoCveRequest { get; } = new("UndoCveRequest", "POST", Routes.UndoCveRequest, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
    };

    public static Operation DeleteCveRequest { get; } = new("DeleteCveRequest", "DELETE", Routes.GetCveRequest, RequiredAccess.Request)
    {
        Resource = Requests,
        Changes = true,
        Answer = typeof(WireEmpty),
    };

    private static IEnumerable<Operation> OfExceptions =>
    [
        SuppressCves, UnsuppressCves, ListExceptions, GetException, CreateDeferralException, CreateFalsePositiveException,
        UpdateException, ApproveException, DenyException, CancelException, DeleteException, ListCveRequests, GetCveRequest,
        DeferCve, MarkCveFalsePositive, ApproveCveRequest, DenyCveRequest, UpdateCveRequest, UndoCveRequest, DeleteCveRequest,
    ];
}
