using ImageScan.Core.Api;
using ImageScan.Core.Results;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using static ImageScan.Core.Tests.Scans.Suppression.MadeExceptions;

namespace ImageScan.Core.Tests.Api;

public sealed class ExceptionQueryTests
{
    private static readonly IReadOnlyList<VulnerabilityException> All =
    [
        Deferral("a", Scope("quay/app:1"), "CVE-2024-1", "CVE-2024-2") with { CreatedAt = Now, Status = ExceptionStatus.Pending },
        FalsePositive("b", Scope("docker/nginx:.*"), "CVE-2024-10") with { CreatedAt = Now.AddDays(-1), Approvers = [Bob], Requester = Bob },
        Deferral("c", ExceptionScope.AllImages, "GHSA-x") with
        {
            CreatedAt = Now.AddDays(-2),
            Status = ExceptionStatus.ApprovedPendingUpdate,
            IsExpired = true,
            LastUpdated = Now,
            Expiry = new ExceptionExpiry(ExceptionExpiryKind.AnyCveFixable),
            Update = new ExceptionUpdate(["GHSA-y"], null),
        },
    ];

    [Theory]
    [InlineData("", "cba")]
    [InlineData("CVE:CVE-2024-1", "ba")]
    [InlineData("CVE:\"CVE-2024-1\"", "a")]
    [InlineData("cve:cve-2024-2,ghsa", "ca")]
    [InlineData("CVE:!CVE", "c")]
    [InlineData("CVE:*", "cba")]
    [InlineData("Request Status:APPROVED", "cb")]
    [InlineData("Request Status:\"APPROVED\"", "b")]
    [InlineData("Request Status:PENDING", "a")]
    [InlineData("Expired Request:false", "ba")]
    [InlineData("Expired Request:true", "c")]
    [InlineData("Expired Request:f+Request Status:PENDING,APPROVED", "ba")]
    [InlineData("Requested Vulnerability State:FALSE_POSITIVE", "b")]
    [InlineData("Requester User Name:ann", "ca")]
    [InlineData("Requester User ID:\"token:bob\"", "b")]
    [InlineData("Approver User Name:Bob", "b")]
    [InlineData("Approver User ID:token", "b")]
    [InlineData("Image Registry Scope:quay", "a")]
    [InlineData("Image Remote Scope:nginx", "b")]
    [InlineData("Image Tag Scope:\".*\"", "cb")]
    [InlineData("Request Name:\"AA-261126-b\"", "b")]
    [InlineData("Expiry Type:ANY", "c")]
    [InlineData("Request Expires When Fixed:true", "c")]
    [InlineData("Deferral Update CVEs:GHSA-y", "c")]
    [InlineData("False Positive Update CVEs:GHSA-y", "")]
    [InlineData("Request Name:\"a+b:c\"", "")]
    [InlineData("Request Name:r/-[ab]$", "ba")]
    [InlineData("Created Time:>1d", "c")]
    [InlineData("Created Time:<11/25/2026", "c")]
    [InlineData("Request Expiry Time:<01/01/2100", "")]
    public void FindsWhatFits(string query, string ids) => Assert.Equal(ids, IdsOf(Request(query, 100, 0, "", false)));

    [Theory]
    [InlineData("Created Time", false, "cba")]
    [InlineData("Created Time", true, "abc")]
    [InlineData("created time", true, "abc")]
    [InlineData("Last Updated", true, "cab")]
    [InlineData("Request Name", false, "abc")]
    [InlineData("Request Status", false, "bca")]
    [InlineData("Request Expiry Time", false, "abc")]
    public void PutsThemInOrder(string field, bool isReversed, string ids) => Assert.Equal(ids, IdsOf(Request("", 100, 0, field, isReversed)));

    [Fact]
    public void GivesAPage() => Assert.Equal("b", IdsOf(Request("", 1, 1, "", false)));

    [Theory]
    [InlineData("Image:nginx", "exceptions are not searched by \"Image\", only by Request Name, CVE, ")]
    [InlineData("CVE", "query term \"CVE\" is not FIELD:VALUE")]
    [InlineData("CVE:", "query term \"CVE:\" is not FIELD:VALUE")]
    [InlineData(":x", "exceptions are not searched by \"\"")]
    [InlineData("Expired Request:maybe", "strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    [InlineData("Created Time:soon", "invalid time query ")]
    [InlineData("CVE:r/(", "invalid regexp (")]
    [InlineData("\u202e:x", "exceptions are not searched by \"\\u202e\"")]
    public void RefusesWhatItCannotSearch(string query, string message)
    {
        ApiException error = Assert.Throws<ApiException>(() => ExceptionQuery.Parse(Request(query, 100, 0, "", false), Now));

        Assert.Equal(GrpcCode.InvalidArgument, error.Code);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 100, 0)]
    [InlineData("10", 10, 0)]
    [InlineData("101", 100, 0)]
    public void ReadsPagesOfAHundredAtMost(string limit, int expected, int offset)
    {
        var query = new QueryCollection(new Dictionary<string, StringValues> { ["pagination.limit"] = limit.Length > 0 ? limit : StringValues.Empty });

        ListExceptionsRequest request = ListExceptionsRequest.Read(query, ListExceptionsRequest.MaxExceptions);

        Assert.Equal((expected, offset), (request.Pagination.Limit, request.Pagination.Offset));
    }

    [Fact]
    public void ReadsAllParameters()
    {
        var query = new QueryCollection(new Dictionary<string, StringValues>
        {
            ["query"] = "CVE:x",
            ["pagination.offset"] = "7",
            ["pagination.sort_option.field"] = "Request Name",
            ["pagination.sortOption.reversed"] = "true",
        });

        Assert.Equal(Request("CVE:x", 1_000, 7, "Request Name", true), ListExceptionsRequest.Read(query, ListExceptionsRequest.MaxRequests));
    }

    private static ListExceptionsRequest Request(string query, int limit, int offset, string field, bool isReversed) =>
        new(query, new ExceptionPage(limit, offset, new ExceptionOrder(field, isReversed)));

    private static string IdsOf(ListExceptionsRequest request) => string.Concat(ExceptionQuery.Parse(request, Now).PageOf(All).Select(exception => exception.Id));
}
