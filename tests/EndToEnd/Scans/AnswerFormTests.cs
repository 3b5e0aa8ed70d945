using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class AnswerFormTests(SharedAzurite azurite)
{
    [Fact]
    public async Task HasTheKeysOfStackRoxInTheirOrder()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);

        ApiAnswer scanned = await app.ScanAsync(app.Registry.Push("made/image", "1", DemoImage.Build()));
        ApiAnswer stored = await app.GetAsync($"/v1/images/{scanned.Id}");

        StackRoxKeys.AssertOrdered(scanned.Json);
        StackRoxKeys.AssertOrdered(stored.Json);
    }
}
