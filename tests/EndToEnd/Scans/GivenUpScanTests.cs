using System.Net;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class GivenUpScanTests(SharedAzurite azurite)
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TellsTheCallerWhyTheLastTryFailed()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(Token);
        string name = registry.Push("made/image", "1", Image);
        registry.Misbehave(Faults.On(Image.Layers[0].Digest, RegistryFaults.Refuse(503, times: int.MaxValue, retryAfter: 3600)));
        string prefix = ScanApp.NewPrefix();
        await using TokenServer asking = await TokenServer.StartAsync(azurite, prefix, inlineBytes: 0, registry.Host);
        Task<ApiAnswer> asked = asking.ScanAsync(name);
        await TakeAllTriesButOneAsync(asking, name);

        await using ScanApp working = await ScanApp.StartAsync(azurite, ("Storage:Prefix", prefix));
        ApiAnswer answer = await asked;

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Contains("tried several times and given up: ", answer.Message, StringComparison.Ordinal);
        Assert.Contains("refused by the test", answer.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await working.GetAsync($"/v1/images/{Image.Manifest.Digest}")).Status);
    }

    [Fact]
    public async Task SaysThatItsProcessStoppedEachTime()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(Token);
        string name = registry.Push("made/image", "1", Image);
        string prefix = ScanApp.NewPrefix();
        await using TokenServer asking = await TokenServer.StartAsync(azurite, prefix, inlineBytes: 0, registry.Host);
        Task<ApiAnswer> asked = asking.ScanAsync(name);
        await TakeAllTriesButOneAsync(asking, name);
        await MoveToPoisonAsync(asking, name);

        await using ScanApp working = await ScanApp.StartAsync(azurite, ("Storage:Prefix", prefix));
        ApiAnswer answer = await asked;

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.EndsWith("tried several times and given up: the process that worked on it stopped each time", answer.Message, StringComparison.Ordinal);
    }

    // As if four instances had died with it, one after the other.
    private static Task<long> TakeAllTriesButOneAsync(TokenServer asking, string name) => Eventually.GetAsync(
        async () =>
        {
            long tries = 0;
            WorkQueue queue = QueueOf(asking);
            foreach (ReceivedMessage received in await queue.ReceiveAsync(32, TimeSpan.FromMinutes(1), Token))
            {
                await queue.RenewAsync(received, TimeSpan.Zero, Token);
                tries = await IsOfAsync(asking, received, name) ? received.DequeueCount : tries;
            }

            return tries;
        },
        tries => tries == WorkQueue.MaxDequeueCount - 1);

    private static Task<bool> MoveToPoisonAsync(TokenServer asking, string name) => Eventually.GetAsync(
        async () =>
        {
            bool moved = false;
            WorkQueue queue = QueueOf(asking);
            foreach (ReceivedMessage received in await queue.ReceiveAsync(32, TimeSpan.FromMinutes(1), Token))
            {
                if (await IsOfAsync(asking, received, name))
                {
                    await queue.MoveToPoisonAsync(received, Token);
                    moved = true;
                }
                else
                {
                    await queue.RenewAsync(received, TimeSpan.Zero, Token);
                }
            }

            return moved;
        },
        moved => moved);

    private static WorkQueue QueueOf(TokenServer server) => server.Services.GetRequiredService<ScanQueues>().Layers;

    // Queues are shared by all tests.
    private static async Task<bool> IsOfAsync(TokenServer server, ReceivedMessage received, string name) =>
        LayerMessage.TryParse(received.Text, out LayerMessage? message)
        && (await server.Services.GetRequiredService<JobStore>().FindAsync(message.JobId, Token))?.ImageName == name;
}
