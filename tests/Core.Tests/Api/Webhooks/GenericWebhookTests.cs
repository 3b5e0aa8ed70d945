using System.Text.Json;
using ImageScan.Core.Api.Webhooks;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Tests.Api.Webhooks;

public sealed class GenericWebhookTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData($$"""{"image":"ghcr.io/octo/app:1@{{Digest}}"}""")]
    [InlineData($$"""{"host":"ghcr.io","repository":"octo/app","tag":"1","digest":"{{Digest}}"}""")]
    [InlineData($$"""[{"action":"push","image":"ghcr.io/octo/app:1@{{Digest}}"}]""")]
    [InlineData($$"""{"events":[{"image":"ghcr.io/octo/app:1@{{Digest}}","tag":7}]}""")]
    public void ReadsEveryWayToSayIt(string body) =>
        Assert.Equal([new RegistryEvent(RegistryAction.Push, "ghcr.io", "octo/app") { Tag = "1", Digest = Digest }], Read(body).Events);

    [Fact]
    public void ReadsWhatIsGoneAndPassesOverWhatItDoesNotKnow()
    {
        WebhookReading reading = Read("""[{"action":"delete","host":"h","repository":"r","tag":"1"},{"action":"pull","image":"h/r:1"},{"action":"quarantine","repository":"r","tag":"1"}]""");

        Assert.Equal([RegistryAction.Delete, RegistryAction.Quarantine], reading.Events.Select(said => said.Action));
        Assert.Equal(1, reading.Ignored);
    }

    [Fact]
    public void OfAnImageWithoutATagMeansTheLatest() => Assert.Equal("latest", Assert.Single(Read("""{"image":"nginx"}""").Events).Tag);

    [Theory]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("[[]]")]
    [InlineData("""{"events":{}}""")]
    [InlineData("""{"image":7}""")]
    [InlineData("""{"image":"Not/An Image"}""")]
    [InlineData("""{"image":"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""")]
    [InlineData("""{"repository":""}""")]
    public void RefusesWhatItCannotRead(string body) => Assert.Throws<FormatException>(() => Read(body));

    private static WebhookReading Read(string body) =>
        new GenericWebhook().Read(new WebhookMessage(new HeaderDictionary(), JsonDocument.Parse(body).RootElement));
}
