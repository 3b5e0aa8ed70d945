using System.Net;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using static ImageScan.EndToEnd.Suppression.SuppressionLab;

namespace ImageScan.EndToEnd.Suppression;

/// <summary>What is said about exceptions, and with which code; the texts are those of StackRox 4.5 but where a test says otherwise.</summary>
[Collection(StateServers.Name)]
public sealed class ExceptionApiTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Cve = """["CVE-2026-1"]""";
    private const string Unknown = "11111111-2222-3333-4444-555555555555";

    private SuppressionLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await SuppressionLab.StartAsync(azurite);

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task IsAskedForAndWaits()
    {
        ApiAnswer answer = await _lab.DeferAsync(Ann, Cve, expiry: """{"expiryType":"TIME","expiresOn":"2100-01-01T00:00:00Z"}""");

        JsonElement exception = ExceptionOf(answer);
        Assert.Matches("^AA-[0-9]{6}-1$", exception.GetProperty("name").GetString());
        Assert.Equal(("PENDING", "DEFERRED", false), (StatusOf(answer), exception.GetProperty("targetState").GetString(), exception.GetProperty("expired").GetBoolean()));
        Assert.Equal("""{"id":"token:Ann Archer","name":"Ann Archer"}""", exception.GetProperty("requester").GetRawText());
        Assert.Equal("not now", exception.GetProperty("comments")[0].GetProperty("message").GetString());
        Assert.Equal(Everywhere, exception.GetProperty("scope").GetRawText());
        Assert.Equal("""{"expiry":{"expiryType":"TIME","expiresOn":"2100-01-01T00:00:00Z"}}""", exception.GetProperty("deferralRequest").GetRawText());
        Assert.Equal(answer.Text, (await _lab.GetAsync(IdOf(answer))).Text);
    }

    [Fact]
    public async Task IsDecidedByOneWhoMay()
    {
        string id = IdOf(await _lab.MarkFalsePositiveAsync(Ann, Cve));

        ApiAnswer own = await _lab.ApproveAsync(id, Ann);
        ApiAnswer approved = await _lab.ApproveAsync(id);

        Assert.Equal(HttpStatusCode.Forbidden, own.Status);
        Assert.Equal("not authorized: \"READ_WRITE_ACCESS\" for \"VulnerabilityManagementApprovals\"", own.Message);
        Assert.Equal("APPROVED", StatusOf(approved));
        Assert.Equal("""[{"id":"token:Bob","name":"Bob"}]""", ExceptionOf(approved).GetProperty("approvers").GetRawText());
    }

    [Fact]
    public async Task IsNotAskedForByReadersNorScanners()
    {
        foreach (string token in new[] { TokenServer.Reader, TokenServer.Scanner })
        {
            ApiAnswer answer = await _lab.DeferAsync(token, Cve);

            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
            Assert.Equal("not authorized: \"READ_WRITE_ACCESS\" for \"VulnerabilityManagementRequests\"", answer.Message);
        }
    }

    [Fact]
    public async Task SaysAllThatIsMissing() => Refuses(
        await _lab.PostAsync(Ann, "/v2/vulnerability-exceptions/deferral", ""),
        HttpStatusCode.BadRequest,
        3,
        "could not create deferral request: invalid arguments:  errors: [vulnerability exception must have at least one comment, "
            + "vulnerability deferral request invalid. Deferral expiry not provided, vulnerability exception must have scope, "
            + "request must indicate the vulnerabilities for which request is opened]: invalid arguments");

    [Fact]
    public async Task SaysDeferralAlsoOfAFalsePositiveThatCannotBe() => Refuses(
        await _lab.PostAsync(Ann, "/v2/vulnerability-exceptions/false-positive", $$"""{"cves":["CVE-1"],"scope":{{Everywhere}}}"""),
        HttpStatusCode.BadRequest,
        3,
        "could not create deferral request: invalid arguments:  error: vulnerability exception must have at least one comment: invalid arguments");

    [Fact]
    public async Task SaysOfTheOlderApiWhichKindCouldNotBe()
    {
        ApiAnswer deferral = await _lab.PostAsync(Ann, "/v1/cve/requests/defer", """{"cve":"CVE-1","comment":"c"}""");
        ApiAnswer falsePositive = await _lab.PostAsync(Ann, "/v1/cve/requests/false-positive", """{"cve":"CVE-1","comment":"c"}""");

        const string Reason = "invalid arguments:  error: vulnerability exception must have scope: invalid arguments";
        Refuses(deferral, HttpStatusCode.BadRequest, 3, $"could not create deferral request: {Reason}");
        Refuses(falsePositive, HttpStatusCode.BadRequest, 3, $"could not create false-positive request: {Reason}");
    }

    [Fact]
    public async Task IsNotAskedForWhereOneInForceCoversIt()
    {
        string id = IdOf(await _lab.DeferAsync(Ann, """["CVE-2026-1","CVE-2026-2"]"""));
        await _lab.ApproveAsync(id);

        const string Narrow = """{"imageScope":{"registry":"quay.io","remote":"app","tag":"1"}}""";
        ApiAnswer one = await _lab.MarkFalsePositiveAsync(Otto, """["CVE-2026-3","CVE-2026-1"]""", Narrow);
        ApiAnswer two = await _lab.DeferAsync(Otto, """["CVE-2026-1","CVE-2026-2"]""");
        ApiAnswer other = await _lab.DeferAsync(Otto, """["CVE-2026-3"]""");

        Refuses(one, HttpStatusCode.Conflict, 6, $"could not create deferral request: CVE CVE-2026-1 is already covered by request {id} for the scope: already exists");
        Refuses(
            two,
            HttpStatusCode.Conflict,
            6,
            $"could not create deferral request: CVEs [CVE-2026-1 CVE-2026-2] are already covered by request {id} for the scope: already exists");
        Assert.Equal("PENDING", StatusOf(other));
    }

    [Fact]
    public async Task MayBeAskedForTwiceWhileNothingIsDecided()
    {
        string first = IdOf(await _lab.DeferAsync(Ann, Cve));
        string second = IdOf(await _lab.DeferAsync(Otto, Cve));

        await _lab.ApproveAsync(second);

        JsonElement declined = ExceptionOf(await _lab.GetAsync(first));
        Assert.Equal(("DENIED", true), (declined.GetProperty("status").GetString(), declined.GetProperty("expired").GetBoolean()));
        Assert.Equal(
            $"Vulnerability request {first} was auto-declined when request {second} covering one or more requested CVEs was approved",
            declined.GetProperty("comments")[1].GetProperty("message").GetString());
        Assert.Equal("Bob", declined.GetProperty("approvers")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task DeclinesOnlyWhatItsApprovalCovers()
    {
        const string App = """{"imageScope":{"registry":"quay.io","remote":"app","tag":".*"}}""";
        string tag = IdOf(await _lab.DeferAsync(Ann, Cve, App.Replace(".*", "1", StringComparison.Ordinal)));
        string wider = IdOf(await _lab.DeferAsync(Ann, Cve));
        string otherCve = IdOf(await _lab.DeferAsync(Ann, """["CVE-2026-2"]""", App));
        string otherImage = IdOf(await _lab.DeferAsync(Ann, Cve, App.Replace("app", "other", StringComparison.Ordinal)));

        await _lab.ApproveAsync(IdOf(await _lab.DeferAsync(Ann, Cve, App)));

        Assert.Equal("DENIED", StatusOf(await _lab.GetAsync(tag)));
        foreach (string id in new[] { wider, otherCve, otherImage })
        {
            Assert.Equal("PENDING", StatusOf(await _lab.GetAsync(id)));
        }
    }

    [Fact]
    public async Task DeclinesAnUpdateThatItsApprovalCovers()
    {
        string updated = IdOf(await _lab.DeferAsync(Ann, """["CVE-2026-9"]"""));
        await _lab.ApproveAsync(updated);
        await _lab.UpdateAsync(updated, Ann, """{"comment":"more","deferralUpdate":{"cves":["CVE-2026-9","CVE-2026-1"]}}""");
        string id = IdOf(await _lab.DeferAsync(Ann, Cve));

        await _lab.ApproveAsync(id);

        JsonElement declined = ExceptionOf(await _lab.GetAsync(updated));
        Assert.Equal(("APPROVED", false), (declined.GetProperty("status").GetString(), declined.GetProperty("expired").GetBoolean()));
        Assert.False(declined.TryGetProperty("deferralUpdate", out _));
        Assert.Contains(
            $"Vulnerability update request {updated} was auto-declined when request {id} covering one or more requested CVEs was approved",
            declined.GetProperty("comments").EnumerateArray().Select(comment => comment.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task WantsACommentWithADecision()
    {
        string id = IdOf(await _lab.DeferAsync(Ann, Cve));

        Refuses(await _lab.PostAsync(Bob, $"/v2/vulnerability-exceptions/{id}/approve", "{}"), HttpStatusCode.BadRequest, 3, "comment must be provided: invalid arguments");
        Refuses(await _lab.PostAsync(Bob, $"/v1/cve/requests/{id}/deny", "{}"), HttpStatusCode.BadRequest, 3, "comment must be provided: invalid arguments");
        Assert.Equal("PENDING", StatusOf(await _lab.GetAsync(id)));
    }

    // StackRox has the texts, and code 13 with them.
    [Fact]
    public async Task SaysOfEveryCallThatThereIsNoSuch()
    {
        const string NotFound = $"vulnerability request {Unknown} not found";

        Refuses(await _lab.GetAsync(Unknown), HttpStatusCode.NotFound, 5, "not found");
        Refuses(await _lab.ApproveAsync(Unknown), HttpStatusCode.NotFound, 5, $"approving vulnerability request {Unknown}: {NotFound}");
        Refuses(await _lab.DenyAsync(Unknown), HttpStatusCode.NotFound, 5, $"denying vulnerability request {Unknown}: {NotFound}");
        Refuses(
            await _lab.CancelAsync(Unknown, Ann),
            HttpStatusCode.NotFound,
            5,
            $"canceling vulnerability exception {Unknown}: canceling vulnerability exception {Unknown}: {NotFound}");
        Refuses(
            await _lab.UpdateAsync(Unknown, Ann, """{"comment":"c","deferralUpdate":{"cves":["x"]}}"""),
            HttpStatusCode.NotFound,
            5,
            $"updating vulnerability exception {Unknown}: updating vulnerability exception {Unknown}: {NotFound}");
        Refuses(await _lab.SendAsync("DELETE", Ann, $"/v2/vulnerability-exceptions/{Unknown}"), HttpStatusCode.NotFound, 5, NotFound);
        Refuses(
            await _lab.PostAsync(Ann, $"/v1/cve/requests/{Unknown}/update", """{"comment":"c","expiry":{"expiresWhenFixed":true}}"""),
            HttpStatusCode.NotFound,
            5,
            $"updating vulnerability request {Unknown}: updating vulnerability request {Unknown}: {NotFound}");
        Refuses(await _lab.PostAsync(Ann, $"/v1/cve/requests/{Unknown}/undo", ""), HttpStatusCode.NotFound, 5, $"undoing vulnerability request {Unknown}: {NotFound}");
        Assert.Equal("""{"requestInfo":null}""", (await _lab.SendAsync("GET", Ann, $"/v1/cve/requests/{Unknown}")).Text);
    }

    [Fact]
    public async Task ShowsAHostileIdAsALine()
    {
        ApiAnswer answer = await _lab.ApproveAsync($"{Uri.EscapeDataString("a\n\u202eb'#?")}{new string('x', 400)}");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.StartsWith("approving vulnerability request a??b'#?xxx", answer.Message, StringComparison.Ordinal);
        Assert.InRange(answer.Message.Length, 1, 500);
    }

    // StackRox lets it be decided twice, and then shows a state that is not the one in force.
    [Fact]
    public async Task IsDecidedOnce()
    {
        string approved = IdOf(await _lab.DeferAsync(Ann, Cve));
        await _lab.ApproveAsync(approved);
        string denied = IdOf(await _lab.DeferAsync(Ann, """["CVE-2026-2"]"""));
        await _lab.DenyAsync(denied);

        Refuses(
            await _lab.ApproveAsync(approved), HttpStatusCode.BadRequest, 9, $"approving vulnerability request {approved}: vulnerability request {approved} is already approved");
        Refuses(await _lab.DenyAsync(approved), HttpStatusCode.BadRequest, 9, $"denying vulnerability request {approved}: vulnerability request {approved} is already approved");
        Refuses(await _lab.DenyAsync(denied), HttpStatusCode.BadRequest, 9, $"denying vulnerability request {denied}: vulnerability request {denied} is already denied");
        Refuses(
            await _lab.ApproveAsync(denied),
            HttpStatusCode.BadRequest,
            9,
            $"enforcing approved vulnerability request {denied}: vulnerability request {denied} not approved or expired");
    }

    [Fact]
    public async Task IsCancelledByItsRequesterOrOneWhoDecides()
    {
        string id = IdOf(await _lab.DeferAsync(Ann, Cve));
        await _lab.ApproveAsync(id);

        Refuses(
            await _lab.CancelAsync(id, Otto),
            HttpStatusCode.Forbidden,
            7,
            $"canceling vulnerability exception {id}: canceling vulnerability exception {id}: requests can only be undone by the original requester: access to resource denied");
        JsonElement cancelled = ExceptionOf(await _lab.CancelAsync(id, Bob));

        Assert.Equal(("APPROVED", true), (cancelled.GetProperty("status").GetString(), cancelled.GetProperty("expired").GetBoolean()));
        Assert.Equal(
            "[System Generated] Vulnerability exception canceled by Bob",
            cancelled.GetProperty("comments").EnumerateArray().Last().GetProperty("message").GetString());
        Refuses(
            await _lab.CancelAsync(id, Ann),
            HttpStatusCode.BadRequest,
            9,
            $"canceling vulnerability exception {id}: canceling vulnerability exception {id}: vulnerability request {id} has expired. Undo is noop");
    }

    [Fact]
    public async Task SaysThatADeniedOneCannotBeCancelled()
    {
        string id = IdOf(await _lab.DeferAsync(Ann, Cve));
        await _lab.DenyAsync(id);

        Refuses(
            await _lab.PostAsync(Ann, $"/v1/cve/requests/{id}/undo", ""),
            HttpStatusCode.BadRequest,
            9,
            $"undoing vulnerability request {id}: vulnerability request {id} has expired due to request denial. Undo is noop");
    }

    [Fact]
    public async Task IsUpdatedOnceThatIsApproved()
    {
        string id = IdOf(await _lab.DeferAsync(Ann, Cve));
        await _lab.ApproveAsync(id);

        JsonElement pending = ExceptionOf(await _lab.UpdateAsync(
            id, Ann, """{"comment":"more","deferralUpdate":{"cves":["CVE-2026-2"],"expiry":{"expiryType":"ALL_CVE_FIXABLE"}}}"""));
        JsonElement approved = ExceptionOf(await _lab.ApproveAsync(id));

        Assert.Equal(("APPROVED_PENDING_UPDATE", Cve), (pending.GetProperty("status").GetString(), pending.GetProperty("cves").GetRawText()));
        Assert.Equal("""{"cves":["CVE-2026-2"],"expiry":{"expiryType":"ALL_CVE_FIXABLE","expiresOn":null}}""", pending.GetProperty("deferralUpdate").GetRawText());
        Assert.Equal(("APPROVED", """["CVE-2026-2"]"""), (approved.GetProperty("status").GetString(), approved.GetProperty("cves").GetRawText()));
        Assert.Equal("""{"expiry":{"expiryType":"ALL_CVE_FIXABLE","expiresOn":null}}""", approved.GetProperty("deferralRequest").GetRawText());
        Assert.False(approved.TryGetProperty("deferralUpdate", out _));
    }

    // In StackRox it then has no end any more.
    [Fact]
    public async Task KeepsItsEndWhereOnlyItsCvesAreUpdated()
    {
        const string Expiry = """{"expiryType":"TIME","expiresOn":"2100-01-01T00:00:00Z"}""";
        string id = IdOf(await _lab.DeferAsync(Ann, Cve, expiry: Expiry));

        JsonElement updated = ExceptionOf(await _lab.UpdateAsync(id, Ann, """{"comment":"more","deferralUpdate":{"cves":["CVE-2026-2"]}}"""));

        Assert.Equal($$"""{"expiry":{{Expiry}}}""", updated.GetProperty("deferralRequest").GetRawText());
        Assert.Equal("""["CVE-2026-2"]""", updated.GetProperty("cves").GetRawText());
    }

    [Fact]
    public async Task SaysWhyItCannotBeUpdated()
    {
        string id = IdOf(await _lab.DeferAsync(Ann, Cve));
        string ended = IdOf(await _lab.MarkFalsePositiveAsync(Ann, """["CVE-2026-7"]"""));
        await _lab.CancelAsync(ended, Ann);
        string what = $"updating vulnerability exception {id}";

        Refuses(await _lab.UpdateAsync(id, Ann, """{"comment":"c"}"""), HttpStatusCode.BadRequest, 3, "invalid arguments: vulnerability exception update not specified");
        Refuses(
            await _lab.UpdateAsync(id, Ann, """{"deferralUpdate":{"cves":["x"]}}"""), HttpStatusCode.BadRequest, 3, $"{what}: invalid arguments: comment is required");
        Refuses(
            await _lab.UpdateAsync(id, Ann, """{"comment":"c","deferralUpdate":{}}"""),
            HttpStatusCode.BadRequest,
            3,
            $"{what}: invalid arguments: all CVEs cannot be removed from the request");
        Refuses(
            await _lab.UpdateAsync(id, Ann, """{"comment":"c","falsePositiveUpdate":{"cves":["x"]}}"""),
            HttpStatusCode.BadRequest,
            9,
            $"{what}: {what}: exception {id} cannot be updated. Exception type(defer/false positive) cannot be changed");
        Refuses(
            await _lab.UpdateAsync(id, Ann, $$$"""{"comment":"c","deferralUpdate":{"cves":{{{Cve}}}}}"""),
            HttpStatusCode.BadRequest,
            9,
            $"{what}: {what}: the update does not change the exception {id}");
        Refuses(
            await _lab.UpdateAsync(id, Otto, """{"comment":"c","deferralUpdate":{"cves":["x"]}}"""),
            HttpStatusCode.Forbidden,
            7,
            $"{what}: {what}: requests can only be updated by the original requester: access to resource denied");
        Refuses(
            await _lab.UpdateAsync(ended, Ann, """{"comment":"c","falsePositiveUpdate":{"cves":["x"]}}"""),
            HttpStatusCode.BadRequest,
            9,
            $"updating vulnerability exception {ended}: updating vulnerability exception {ended}: request {ended} cannot be updated because it has expired or has been denied");
    }

    [Fact]
    public async Task IsDeletedByItsRequesterWhileItIsPending()
    {
        string id = IdOf(await _lab.DeferAsync(Ann, Cve));
        string path = $"/v2/vulnerability-exceptions/{id}";

        Refuses(
            await _lab.SendAsync("DELETE", Bob, path), HttpStatusCode.Forbidden, 7, "requests can only be cancelled by the original requester: access to resource denied");
        Assert.Equal("{}", (await _lab.SendAsync("DELETE", Ann, path)).Text);

        Assert.Equal(HttpStatusCode.NotFound, (await _lab.GetAsync(id)).Status);
    }

    [Fact]
    public async Task IsNotDeletedOnceItIsApprovedButForItsUpdate()
    {
        string id = IdOf(await _lab.DeferAsync(Ann, Cve));
        await _lab.ApproveAsync(id);
        string path = $"/v1/cve/requests/{id}";
        await _lab.UpdateAsync(id, Ann, """{"comment":"more","deferralUpdate":{"cves":["CVE-2026-2"]}}""");

        Assert.Equal("{}", (await _lab.SendAsync("DELETE", Ann, path)).Text);
        JsonElement without = ExceptionOf(await _lab.GetAsync(id));
        ApiAnswer again = await _lab.SendAsync("DELETE", Ann, path);

        Assert.Equal(("APPROVED", Cve), (without.GetProperty("status").GetString(), without.GetProperty("cves").GetRawText()));
        Assert.False(without.TryGetProperty("deferralUpdate", out _));
        Refuses(
            again,
            HttpStatusCode.BadRequest,
            9,
            $"cannot delete exception {id}. Only vulnerability exceptions or updates in pending state can be deleted");
    }

    [Fact]
    public async Task IsTheSameInTheOlderApi()
    {
        ApiAnswer asked = await _lab.PostAsync(
            Ann, "/v1/cve/requests/defer", """{"cve":"CVE-2026-1","comment":"old","scope":{"globalScope":{}},"expiresWhenFixed":true}""");
        string id = asked.Json.GetProperty("requestInfo").GetProperty("id").GetString()!;
        ApiAnswer approved = await _lab.PostAsync(Bob, $"/v1/cve/requests/{id}/approve", """{"comment":"fine"}""");
        ApiAnswer updated = await _lab.PostAsync(Ann, $"/v1/cve/requests/{id}/update", """{"comment":"longer","expiry":{"expiresOn":"2100-01-01T00:00:00Z"}}""");
        JsonElement newer = ExceptionOf(await _lab.GetAsync(id));
        ApiAnswer undone = await _lab.PostAsync(Ann, $"/v1/cve/requests/{id}/undo", "");

        Assert.Equal(
            """{"expiry":{"expiresWhenFixed":true,"expiryType":"ANY_CVE_FIXABLE"}}""", asked.Json.GetProperty("requestInfo").GetProperty("deferralReq").GetRawText());
        Assert.Equal("APPROVED", approved.Json.GetProperty("requestInfo").GetProperty("status").GetString());
        Assert.Equal(
            """{"expiry":{"expiresOn":"2100-01-01T00:00:00Z","expiryType":"TIME"}}""",
            updated.Json.GetProperty("requestInfo").GetProperty("updatedDeferralReq").GetRawText());
        Assert.Equal(JsonValueKind.Null, newer.GetProperty("scope").ValueKind);
        Assert.Equal(
            """{"cves":["CVE-2026-1"],"expiry":{"expiryType":"TIME","expiresOn":"2100-01-01T00:00:00Z"}}""", newer.GetProperty("deferralUpdate").GetRawText());
        Assert.True(undone.Json.GetProperty("requestInfo").GetProperty("expired").GetBoolean());
        Assert.Equal(
            "[System Generated] Request undone",
            undone.Json.GetProperty("requestInfo").GetProperty("comments").EnumerateArray().Last().GetProperty("message").GetString());
        Assert.Equal(undone.Text, (await _lab.SendAsync("GET", Ann, $"/v1/cve/requests/{id}")).Text);
    }

    [Fact]
    public async Task SaysWhyTheOlderApiCannotUpdate()
    {
        string falsePositive = IdOf(await _lab.MarkFalsePositiveAsync(Ann, Cve));
        string ended = IdOf(await _lab.DeferAsync(Ann, """["CVE-2026-7"]"""));
        await _lab.CancelAsync(ended, Ann);
        const string Expiry = "\"expiry\":{\"expiresWhenFixed\":true}";
        string what = $"updating vulnerability request {falsePositive}";

        Refuses(
            await _lab.PostAsync(Ann, $"/v1/cve/requests/{falsePositive}/update", """{"comment":"c"}"""),
            HttpStatusCode.BadRequest,
            3,
            $"{what}: nothing to update for request - at least expiry must be provided: invalid arguments");
        Refuses(
            await _lab.PostAsync(Ann, $"/v1/cve/requests/{falsePositive}/update", $"{{{Expiry}}}"),
            HttpStatusCode.BadRequest,
            3,
            $"{what}: {what}: comment is required when updating a request's expiry");
        Refuses(
            await _lab.PostAsync(Ann, $"/v1/cve/requests/{falsePositive}/update", $$"""{"comment":"c",{{Expiry}}}"""),
            HttpStatusCode.BadRequest,
            9,
            $"{what}: {what}: request {falsePositive} is not a deferral request thus doesn't have an expiry to update");
        Refuses(
            await _lab.PostAsync(Ann, $"/v1/cve/requests/{ended}/update", $$"""{"comment":"c",{{Expiry}}}"""),
            HttpStatusCode.BadRequest,
            9,
            $"updating vulnerability request {ended}: updating vulnerability request {ended}: request {ended} already expired or denied thus cannot be updated");
    }

    [Fact]
    public async Task AreListedByQueryAndPage()
    {
        string first = IdOf(await _lab.DeferAsync(Ann, Cve));
        string second = IdOf(await _lab.MarkFalsePositiveAsync(Otto, """["CVE-2026-2"]"""));
        string third = IdOf(await _lab.DeferAsync(Ann, """["CVE-2026-3"]"""));
        await _lab.ApproveAsync(second);
        await _lab.DenyAsync(third);

        Assert.Equal([first, second, third], await IdsAsync(""));
        Assert.Equal([second], await IdsAsync("?query=Request Status:APPROVED"));
        Assert.Equal([first, second], await IdsAsync("?query=Expired Request:false"));
        Assert.Equal([third], await IdsAsync("?query=CVE:CVE-2026-3%2BRequester User Name:ann"));
        Assert.Equal([third, second], await IdsAsync("?pagination.limit=2&pagination.sortOption.field=Created Time&pagination.sortOption.reversed=true"));
        Assert.Equal([second], await IdsAsync("?pagination.limit=1&pagination.offset=1"));
        Assert.Equal(3, (await _lab.SendAsync("GET", Ann, "/v1/cve/requests")).Json.GetProperty("requestInfos").GetArrayLength());
        Assert.Equal(HttpStatusCode.BadRequest, (await _lab.SendAsync("GET", Ann, "/v2/vulnerability-exceptions?query=Image:x")).Status);
    }

    private static void Refuses(ApiAnswer answer, HttpStatusCode status, int code, string message)
    {
        Assert.Equal((status, message), (answer.Status, answer.Message));
        Assert.Equal(code, answer.Json.GetProperty("code").GetInt32());
    }

    private async Task<string[]> IdsAsync(string query)
    {
        ApiAnswer answer = await _lab.SendAsync("GET", Ann, $"/v2/vulnerability-exceptions{query}");
        return [.. answer.Json.GetProperty("exceptions").EnumerateArray().Select(exception => exception.GetProperty("id").GetString()!)];
    }
}
