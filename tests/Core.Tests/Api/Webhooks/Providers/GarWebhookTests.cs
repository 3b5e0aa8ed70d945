using System.Text;
using ImageScan.Core.Api.Webhooks.Providers;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

public sealed class GarWebhookTests
{
    private readonly GarWebhook _gar = new();

    // https://cloud.google.com/artifact-registry/docs/configure-notifications#examples
    [Theory]
    [InlineData("""{"action":"INSERT","digest":"eu-docker.pkg.dev/shop/images/cart@DIGEST"}""", "Push eu-docker.pkg.dev/shop/images/cart@DIGEST")]
    [InlineData("""{"action":"DELETE","tag":"eu-docker.pkg.dev/shop/images/cart:1"}""", "Delete eu-docker.pkg.dev/shop/images/cart:1")]
    [InlineData("""{"action":"INSERT","digest":"gcr.io/shop/cart@DIGEST","tag":"gcr.io/shop/other:1"}""", "Push gcr.io/shop/cart@DIGEST")]
    public void TakesEitherNameOrBoth(string published, string told)
    {
        string message = published.Replace("DIGEST", SentWebhook.Digest, StringComparison.Ordinal);
        string expected = told.Replace("DIGEST", SentWebhook.Digest, StringComparison.Ordinal);

        Assert.Equal([expected], _gar.Events(message));
        Assert.Equal([expected], _gar.Events(Wrapped(message)));
    }

    // Whoever refuses what is none of this gets it again and again.
    [Theory]
    [InlineData("""{"action":"UPDATE","digest":"gcr.io/shop/cart@sha256:1"}""")]
    [InlineData("""{"action":"INSERT"}""")]
    [InlineData("""{"name":"projects/shop/notes/1","kind":"DISCOVERY"}""")]
    [InlineData("a text")]
    [InlineData("")]
    public void PassesOverOtherMessages(string published) => _gar.Ignores(Wrapped(published));

    [Fact]
    public void PassesOverAMessageOfAttributesAlone() => _gar.Ignores("""{"message":{"attributes":{"a":"b"},"messageId":"1"},"subscription":"s"}""");

    [Fact]
    public void RefusesAnEnvelopeThatPubSubDoesNotMake() =>
        Assert.Throws<FormatException>(() => _gar.Events("""{"message":{"data":"no base64!"},"subscription":"s"}"""));

    [Fact]
    public void PassesOverAMessageThatNestsTooDeep() => _gar.Ignores(Wrapped(new string('[', 5_000)));

    private static string Wrapped(string published) =>
        $$"""{"message":{"data":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(published))}}","messageId":"1"},"subscription":"s"}""";
}
