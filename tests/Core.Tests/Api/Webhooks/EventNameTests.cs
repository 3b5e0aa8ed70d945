using System.Text.Json;
using CsCheck;
using ImageScan.Core.Api.Webhooks;

namespace ImageScan.Core.Tests.Api.Webhooks;

public sealed class EventNameTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("ghcr.io", "octo/app", "1", "", "ghcr.io/octo/app:1")]
    [InlineData("ghcr.io", "octo/app", "", Digest, $"ghcr.io/octo/app@{Digest}")]
    [InlineData("ghcr.io", "octo/app", "1", Digest, $"ghcr.io/octo/app:1@{Digest}")]
    [InlineData("localhost:5000", "app", "1", "", "localhost:5000/app:1")]
    [InlineData("docker.io", "nginx", "1", "", "docker.io/library/nginx:1")]
    [InlineData("docker.io", "library/nginx", "1", "", "docker.io/library/nginx:1")]
    [InlineData("ghcr.io", "octo/app", "", "", null)]
    [InlineData("ghcr.io", "Octo/app", "1", "", null)]
    [InlineData("ghcr.io", "octo/app:2", "1", "", null)]
    [InlineData("ghcr.io", $"octo/app@{Digest}", "1", "", null)]
    [InlineData("ghcr.io", "octo/app", $"1@{Digest}", "", null)]
    [InlineData("ghcr.io", "octo/app", "-1", "", null)]
    [InlineData("ghcr.io", "octo/app", "1", "sha256:aa", null)]
    [InlineData("ghcr.io", "octo/app", "1", "SHA256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", null)]
    [InlineData("ghcr.io", "", "1", "", null)]
    [InlineData("ghcr.io", "../octo/app", "1", "", null)]
    [InlineData("ghcr.io", "/octo/app", "1", "", null)]
    [InlineData("ghcr.io", "octo//app", "1", "", null)]
    [InlineData("ghcr.io", "octo/app?x", "1", "", null)]
    [InlineData("ghcr.io", "octo/app\n", "1", "", null)]
    public void IsReadOnlyWhereEachPartIsOne(string host, string repository, string tag, string digest, string? name) =>
        Assert.Equal(name, EventName.Of(new RegistryEvent(RegistryAction.Push, host, repository) { Tag = tag, Digest = digest }, host)?.FullName);

    [Fact]
    public void NeverLeadsToAnotherRegistry() => Gen.Select(Gen.String, Gen.String, Gen.String).Sample(
        parts =>
        {
            (string repository, string tag, string digest) = parts;
            var said = new RegistryEvent(RegistryAction.Push, "ghcr.io", repository) { Tag = tag, Digest = digest };
            Assert.True(EventName.Of(said, "ghcr.io") is null or { Registry: "ghcr.io" });
        },
        iter: 2_000);

    [Fact]
    public void OfStoredEventsComesBackAsItWas()
    {
        RegistryEvent[] many = [.. Enumerable.Range(0, 2_000).Select(i => new RegistryEvent(RegistryAction.Delete, "ghcr.io", $"octo/app{i}\u202e") { Tag = $"{i}", Digest = Digest })];

        string[] messages = [.. StoredEvents.MessagesOf("generic", many)];

        Assert.All(messages, message => Assert.InRange(message.Length, 1, 48 * 1024));
        Assert.Equal(many, messages.SelectMany(message =>
        {
            Assert.True(StoredEvents.TryParse(JsonDocument.Parse(message).RootElement, out StoredEvents? stored));
            Assert.Equal("generic", stored.Sender);
            return stored.RegistryEvents;
        }));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sender":"generic"}""")]
    [InlineData("""{"sender":null,"registryEvents":[]}""")]
    [InlineData("""{"sender":"generic","registryEvents":[{"action":"Nothing","host":"a","repository":"b"}]}""")]
    public void OfWhatWasNotStoredIsNone(string message) => Assert.False(StoredEvents.TryParse(JsonDocument.Parse(message).RootElement, out _));

    [Fact]
    public void OfStoredEventsWithoutTagAndDigestIsNone()
    {
        Assert.True(StoredEvents.TryParse(
            JsonDocument.Parse("""{"sender":"generic","registryEvents":[null,{"action":"Push","host":"a","repository":"b"}]}""").RootElement, out StoredEvents? stored));

        Assert.Equal([new RegistryEvent(RegistryAction.Push, "a", "b")], stored.RegistryEvents);
    }
}
