using ImageScan.Core.Scans;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Advisories;

[Collection(StateServers.Name)]
public sealed class RollBackOfStoredScansTests(SharedAzurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TakesBackWhatTheNewerAdvisoriesHadFound()
    {
        string prefix = ScanApp.NewPrefix();
        using var room = new PublicationRoom(azurite, prefix);
        await room.PublishAsync(room.Made.Make(MadeSnapshots.Noon, ("CVE-2026-1", "lodash")));
        await room.PublishAsync(room.Made.Make(MadeSnapshots.Noon.AddHours(1), ("CVE-2026-2", "lodash")));
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Storage:Prefix", prefix), ("Advisories:PollSeconds", "3600"));
        var snapshots = app.Services.GetRequiredService<AdvisorySnapshots>();
        var rematch = app.Services.GetRequiredService<ImageRematch>();
        ApiAnswer asked = await app.ScanAsync(app.Registry.Push("made/asked", "1", TestImages.OfNpm("lodash@4.17.20")));
        ApiAnswer left = await app.ScanAsync(app.Registry.Push("made/left", "1", TestImages.OfNpm("lodash@4.17.21")));

        await room.Publisher.RollBackAsync(null, Token);
        await snapshots.PollAsync(Token);
        string[] again = (await app.ScanAsync(asked.Json.GetProperty("name").GetProperty("fullName").GetString()!)).Findings;
        int matched = await rematch.RunAsync(Token);

        Assert.Equal(["lodash CVE-2026-2"], asked.Findings);
        Assert.Equal(["lodash CVE-2026-1"], again);
        Assert.Equal(1, matched);
        Assert.Equal(["lodash CVE-2026-1"], (await app.GetAsync($"/v1/images/{left.Id}")).Findings);
        Assert.Equal(0, await rematch.RunAsync(Token));
    }
}
