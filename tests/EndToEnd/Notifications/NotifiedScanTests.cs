using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Notifications;

/// <summary>What is told of scans and re-matches, and what is not.</summary>
[Collection(EventServers.Name)]
public sealed class NotifiedScanTests(SharedAzurite azurite)
{
    private const string Low = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";

    private static readonly string Bad = TestAdvisories.Record("CVE-2026-1001", "lodash", "4.17.21");
    private static readonly string Harmless = TestAdvisories.Record("CVE-2026-1002", "lodash", "4.17.21", Low);
    private static readonly string New = TestAdvisories.Record("CVE-2026-1003", "minimist", "1.2.6");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TellsOfAFirstScanInASignedPostAndOfNothingNewNothing()
    {
        await using NotificationLab lab = await NotificationLab.StartAsync(azurite);
        await lab.Advisories.ReplaceAsync(Bad, Harmless);
        string name = lab.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20"));

        ApiAnswer scanned = await lab.ScanAsync(name);
        await lab.HandleAsync();

        ReceivedPost post = Assert.Single(lab.Receiver.Posts);
        Assert.Equal(("newFindings", name, scanned.Id, "linux/amd64"), (post.Reason, TextOf(post, "name"), TextOf(post, "digest"), TextOf(post, "platform")));
        Assert.Equal(["CVE-2026-1001"], post.CvesOf("findings"));
        Assert.Equal((1, 1, 2), (CountOf(post, "critical"), CountOf(post, "low"), CountOf(post, "fixable")));
        Assert.NotEqual(JsonValueKind.Null, post.Json.GetProperty("advisories").ValueKind);
        Assert.Equal(Assert.Single(await lab.RowsAsync()).Id, post.Headers["X-ImageScan-Delivery"]);
        Assert.Equal(SignatureOf(post), post.Headers["X-ImageScan-Signature"]);

        await lab.ScanAsync(name, force: true);

        Assert.Equal(NotificationState.Done, Assert.Single(await lab.RowsAsync()).State);
        Assert.Empty(await lab.TakeAsync());
    }

    [Fact]
    public async Task TellsWhatNewerAdvisoriesHaveChanged()
    {
        await using NotificationLab lab = await NotificationLab.StartAsync(azurite, ("On", "Changes"));
        await lab.Advisories.ReplaceAsync(Bad);
        string name = lab.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5"));
        await lab.ScanAsync(name);
        Assert.Empty(await lab.RowsAsync());

        await lab.Advisories.ReplaceAsync(New);
        Assert.Equal(1, await lab.Server.Services.GetRequiredService<ImageRematch>().RunAsync(Token));
        await lab.HandleAsync();

        ReceivedPost post = Assert.Single(lab.Receiver.Posts);
        Assert.Equal("changes", post.Reason);
        Assert.Equal(["CVE-2026-1003"], post.CvesOf("findings"));
        Assert.Equal(["CVE-2026-1001"], post.CvesOf("removed"));
        Assert.Equal(name, TextOf(post, "name"));
    }

    [Fact]
    public async Task TellsOfFindingsThatNewerAdvisoriesKnowAsOfNewOnes()
    {
        await using NotificationLab lab = await NotificationLab.StartAsync(azurite, ("On", "NewFindings"));
        await lab.Advisories.ReplaceAsync(Harmless);
        await lab.ScanAsync(lab.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5")));
        Assert.Empty(await lab.RowsAsync());

        await lab.Advisories.ReplaceAsync(Harmless, New);
        await lab.Server.Services.GetRequiredService<ImageRematch>().RunAsync(Token);
        await lab.HandleAsync();

        ReceivedPost post = Assert.Single(lab.Receiver.Posts);
        Assert.Equal("newFindings", post.Reason);
        Assert.Equal(["CVE-2026-1003"], post.CvesOf("findings"));
    }

    [Fact]
    public async Task TellsOfEveryScanIfItIsAskedTo()
    {
        await using NotificationLab lab = await NotificationLab.StartAsync(azurite, ("On", "EveryScan"));
        await lab.Advisories.ReplaceAsync(New);
        string name = lab.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20"));

        await lab.ScanAsync(name);
        await lab.ScanAsync(name, force: true);
        await lab.ScanAsync(name);
        await lab.HandleAsync();

        Assert.Equal(["scanned", "scanned"], lab.Receiver.Posts.Select(post => post.Reason));
        Assert.Equal(2, lab.Receiver.Posts.Select(post => post.Headers["X-ImageScan-Delivery"]).Distinct().Count());
    }

    // Of what several repositories have it is one scan.
    [Fact]
    public async Task TellsAlsoThoseWhoAreMeantByAnotherNameOfThePushedImage()
    {
        await using NotificationLab lab = await NotificationLab.StartAsync(azurite, ("Images", "*/team/*"));
        await lab.Advisories.ReplaceAsync(Bad);
        MadeImage image = TestImages.OfNpm("lodash@4.17.20");
        string[] names = [lab.Registry.Push("other/image", "1", image), lab.Registry.Push("team/image", "1", image)];

        await lab.TellAsync("push", [.. names.Select(name => $"{name}@{image.Manifest.Digest}"), $"{lab.Registry.Host}/team/wrong:1@{image.Manifest.Digest}"]);
        await lab.HandleAsync();

        Assert.Contains("/team/image:1", TextOf(Assert.Single(lab.Receiver.Posts), "name"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TellsOfAFindingThatNewerAdvisoriesRateWorse()
    {
        await using NotificationLab lab = await NotificationLab.StartAsync(azurite);
        await lab.Advisories.ReplaceAsync(Harmless);
        await lab.ScanAsync(lab.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20")));
        Assert.Empty(await lab.RowsAsync());

        await lab.Advisories.ReplaceAsync(TestAdvisories.Record("CVE-2026-1002", "lodash", "4.17.21"));
        await lab.Server.Services.GetRequiredService<ImageRematch>().RunAsync(Token);
        await lab.HandleAsync();

        Assert.Equal(["CVE-2026-1002"], Assert.Single(lab.Receiver.Posts).CvesOf("findings"));
    }

    [Fact]
    public async Task TellsNothingOfWhatIsSnoozed()
    {
        await using NotificationLab lab = await NotificationLab.StartAsync(azurite);
        await lab.Advisories.ReplaceAsync(Bad, New);
        await lab.Server.SendAsync(
            "PATCH", "/v1/imagecves/suppress", TokenServer.Admin, JsonContent.Create(new { cves = new[] { "CVE-2026-1001" }, duration = "24h" }));

        await lab.ScanAsync(lab.Registry.Push("made/one", "1", TestImages.OfNpm("lodash@4.17.20")));
        await lab.ScanAsync(lab.Registry.Push("made/two", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5")));
        await lab.HandleAsync();

        ReceivedPost post = Assert.Single(lab.Receiver.Posts);
        Assert.Equal(["CVE-2026-1003"], post.CvesOf("findings"));
        Assert.Equal(1, CountOf(post, "critical"));
    }

    [Fact]
    public async Task TellsNothingOfWhatAVexDocumentClears()
    {
        await using NotificationLab lab = await NotificationLab.StartAsync(azurite);
        await lab.Advisories.ReplaceAsync(Bad, New);
        ApiAnswer added = await lab.Server.SendAsync("POST", "/v1/vex", TokenServer.Admin, new StringContent("""
            {"@context":"https://openvex.dev/ns","@id":"x","author":"Ann","timestamp":"2026-01-01T00:00:00Z","version":1,"statements":[
            {"vulnerability":{"name":"CVE-2026-1001"},"status":"fixed","products":[{"@id":"pkg:oci/two","subcomponents":[{"@id":"pkg:npm/lodash"}]}]}]}
            """));
        Assert.Equal(HttpStatusCode.OK, added.Status);

        await lab.ScanAsync(lab.Registry.Push("made/two", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5")));
        await lab.HandleAsync();

        ReceivedPost post = Assert.Single(lab.Receiver.Posts);
        Assert.Equal(["CVE-2026-1003"], post.CvesOf("findings"));
        Assert.Equal(1, CountOf(post, "critical"));
    }

    [Fact]
    public async Task TellsOnlyOfTheImagesOfTheRuleAndOfWhatCanBeMended()
    {
        await using NotificationLab lab = await NotificationLab.StartAsync(azurite, ("FixableOnly", "true"), ("Images", "*/team/*"));
        await lab.Advisories.ReplaceAsync(Bad);

        await lab.ScanAsync(lab.Registry.Push("other/image", "1", TestImages.OfNpm("lodash@4.17.20")));
        await lab.ScanAsync(lab.Registry.Push("team/image", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5")));
        await lab.HandleAsync();

        Assert.Contains("/team/image:1", TextOf(Assert.Single(lab.Receiver.Posts), "name"), StringComparison.Ordinal);
    }

    // The table is made with the first row.
    [Fact]
    public async Task WritesNothingWithoutARule()
    {
        string prefix = ScanApp.NewPrefix();
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(Bad);
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Storage:Prefix", prefix), ("Advisories:Path", advisories.Path));

        await app.ScanAsync(app.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20")));
        Assert.Equal(0, await app.Services.GetRequiredService<Core.Notifications.NotificationSweep>().RunAsync(Token));

        var tables = new Azure.Data.Tables.TableServiceClient(azurite.ConnectionString);
        string name = prefix + TableNames.Notifications;
        Assert.Empty(await tables.QueryAsync(table => table.Name == name, cancellationToken: Token).ToListAsync(Token));
    }

    // The same receiver, over the queue and by the worker of the local head.
    [Fact]
    public async Task GoesOutByItselfInTheLocalHead()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(Bad);
        await using Receiver receiver = await Receiver.StartAsync(Token);
        await using ScanApp app = await ScanApp.StartAsync(
            azurite,
            ("Advisories:Path", advisories.Path),
            ("Notifications:0:Name", "team"),
            ("Notifications:0:Url", receiver.Url),
            ("Notifications:0:Secret", NotificationLab.Secret),
            ("Notifications:0:AllowPrivateAddress", "true"));

        await app.ScanAsync(app.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20")));

        IReadOnlyList<ReceivedPost> posts = await Eventually.GetAsync(() => Task.FromResult(receiver.Posts), posts => posts.Count > 0);
        Assert.Equal(["CVE-2026-1001"], Assert.Single(posts).CvesOf("findings"));
    }

    private static string TextOf(ReceivedPost post, string member) => post.Json.GetProperty("image").GetProperty(member).GetString()!;

    private static int CountOf(ReceivedPost post, string severity) => post.Json.GetProperty("counts").GetProperty(severity).GetInt32();

    // As docs/notifications.md tells receivers to.
    private static string SignatureOf(ReceivedPost post)
    {
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(NotificationLab.Secret));
        byte[] signed = [.. Encoding.UTF8.GetBytes(post.Headers["X-ImageScan-Timestamp"]), (byte)'.', .. post.Body];
        return "sha256=" + Convert.ToHexString(hmac.ComputeHash(signed)).ToLowerInvariant();
    }
}
