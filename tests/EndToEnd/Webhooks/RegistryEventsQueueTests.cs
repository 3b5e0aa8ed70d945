using System.Net;
using ImageScan.Core.Api.Webhooks;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>Events that come over the queue.</summary>
[Collection(EventServers.Name)]
public sealed class RegistryEventsQueueTests(SharedAzurite azurite)
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ThatAWebhookHasStoredAreScanned()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, WebhookRequest.Settings);
        app.Registry.Push("made/image", "1", Image);
        var told = new RegistryEvent(RegistryAction.Push, app.Registry.Host, "made/image") { Tag = "1" };

        await app.Services.GetRequiredService<ScanQueues>().RegistryEvents.SendAsync(Assert.Single(StoredEvents.MessagesOf("generic", [told])), Token);

        await Eventually.GetAsync(() => app.GetAsync($"/v1/images/{Image.Manifest.Digest}"), answer => answer.Status == HttpStatusCode.OK);
    }

    // As Event Grid writes them, by https://learn.microsoft.com/azure/event-grid/event-schema-container-registry.
    [Theory]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/subscriptions/s","type":"Microsoft.ContainerRegistry.ImagePushed","data":DATA}""")]
    [InlineData("""{"id":"1","topic":"/subscriptions/s","subject":"made/image:1","eventType":"Microsoft.ContainerRegistry.ImagePushed","dataVersion":"1.0","data":DATA}""")]
    [InlineData("""[{"id":"1","topic":"/subscriptions/s","subject":"made/image:1","eventType":"Microsoft.ContainerRegistry.ImagePushed","dataVersion":"1.0","data":DATA}]""")]
    public async Task OfEventGridAreScannedInEitherSchema(string message)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Webhooks:eventgrid:Registries", ScanApp.RegistryHost));
        app.Registry.Push("made/image", "1", Image);
        string data = $$$"""
            {"id":"1","action":"push","target":{"mediaType":"{{{Image.Manifest.MediaType}}}","digest":"{{{Image.Manifest.Digest}}}","repository":"made/image","tag":"1"},
            "request":{"id":"2","host":"{{{app.Registry.Host}}}","method":"PUT"}}
            """;

        await app.Services.GetRequiredService<ScanQueues>().RegistryEvents.SendAsync(message.Replace("DATA", data, StringComparison.Ordinal), Token);

        await Eventually.GetAsync(() => app.GetAsync($"/v1/images/{Image.Manifest.Digest}"), answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task OfARegistryThatMayNotBeSpokenForAreDropped()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, [.. WebhookRequest.Settings, ("Webhooks:generic:Registries", "registry.example.com")]);
        app.Registry.Push("made/image", "1", Image);
        var told = new RegistryEvent(RegistryAction.Push, app.Registry.Host, "made/image") { Tag = "1" };

        await app.Services.GetRequiredService<RegistryEventsHandler>().HandleAsync(Assert.Single(StoredEvents.MessagesOf("generic", [told])), Token);

        Assert.Empty(app.Registry.Requests);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("")]
    [InlineData("""{"sender":"nobody","registryEvents":[]}""")]
    public async Task ThatCannotBeTakenAreThrownAndInTheEndKept(string message)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, WebhookRequest.Settings);
        var handler = app.Services.GetRequiredService<RegistryEventsHandler>();
        WorkQueue kept = app.Services.GetRequiredService<ScanQueues>().KeptRegistryEvents;

        await Assert.ThrowsAsync<FormatException>(() => handler.HandleAsync(message, Token));
        await handler.HandlePoisonAsync(message, Token);

        ReceivedMessage found = (await Eventually.GetAsync(() => kept.ReceiveAsync(1, TimeSpan.FromMinutes(1), Token), received => received.Count > 0))[0];
        Assert.Equal(message, found.Text);
        await kept.DeleteAsync(found, Token);
    }
}
