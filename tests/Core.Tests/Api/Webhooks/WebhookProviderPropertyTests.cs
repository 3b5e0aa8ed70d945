using System.Text;
using System.Text.Json;
using CsCheck;
using ImageScan.Core.Api.Webhooks;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Tests.Api.Webhooks;

/// <summary>Whatever a request says, every kind of sender reads it, or says that it is none of its own.</summary>
public sealed class WebhookProviderPropertyTests
{
    // Members that some sender has, with values that none would send.
    private static readonly string[] Names =
    [
        "action", "image", "events", "host", "repository", "tag", "digest", "target", "request", "mediaType", "data", "eventType", "type", "specversion",
        "specVersion", "package", "registry_package", "package_version", "container_metadata", "package_url", "push_data", "repo_name", "namespace", "name",
        "event_data", "resources", "resource_url", "docker_url", "updated_tags", "message", "subscription", "detail", "image-tag", "image-digest",
        "repository-name", "action-type", "repo_key", "event_type", "image_name", "validationCode", "source", "detail-type", "tag_name", "manifest",
    ];

    private static readonly string[] Texts =
    [
        "\"\"", "\"push\"", "\"ping\"", "\"delete\"", "\"\\ud800\"", "\"\\u0000\"", "\"../x\"", "\"Made/Image\"", "\"ghcr.io/octo/app:1\"", "\"ghcr.io/octo/app:\"",
        "\"sha256:00\"", "\"eyJ9\"", "\"\\u202e\"", "\"http://[::1]/v2/\"", "\"Microsoft.EventGrid.SubscriptionValidationEvent\"",
        "\"Microsoft.ContainerRegistry.ImagePushed\"", "\"published\"", "\"PUSH_ARTIFACT\"", "\"PUSH\"", "\"INSERT\"", "\"pushed\"", "\"ECR Image Action\"",
        "\"harbor.artifact.pushed\"", "\"application/vnd.oci.image.manifest.v1+json\"", "null", "true", "0", "-1.5e300", "[]", "{}",
    ];

    private static readonly Gen<string> Text = Gen.Int[0, Texts.Length - 1].Select(at => Texts[at]);
    private static readonly Gen<string> Name = Gen.Int[0, Names.Length - 1].Select(at => Names[at]);

    [Fact]
    public void ReadsAnythingOrSaysThatItIsNone() => JsonOf(5).Sample(
        json =>
        {
            using JsonDocument body = WebhookBody.Parse(Encoding.UTF8.GetBytes(json));
            foreach (IWebhookProvider provider in WebhookProviders.All)
            {
                foreach (string told in (string[])["", "ping", "package", "Notification", "SubscriptionValidation"])
                {
                    var headers = new HeaderDictionary { ["X-GitHub-Event"] = told, ["aeg-event-type"] = told, ["X-Gitlab-Event"] = told };
                    try
                    {
                        WebhookReading reading = provider.Read(new WebhookMessage(headers, body.RootElement));
                        Assert.All(reading.Events, said => Assert.NotNull(said.Host + said.Repository + said.Tag + said.Digest));
                    }
                    catch (FormatException none)
                    {
                        Assert.NotEqual("", none.Message);
                    }
                }
            }
        },
        iter: 3_000);

    [Fact]
    public void HaveNamesOfSmallLettersAndDigitsOfTheirOwn()
    {
        Assert.All(WebhookProviders.All, provider => Assert.Matches("^[a-z0-9]+$", provider.Name));
        Assert.Distinct(WebhookProviders.All.Select(provider => provider.Name));
    }

    [Fact]
    public void CanEachProveThemselves() => Assert.All(WebhookProviders.All, provider =>
    {
        Assert.NotEqual(WebhookProof.None, provider.Proof);
        Assert.Equal(provider.Proof.HasFlag(WebhookProof.Signature), provider.SignatureHeader.Length > 0);
    });

    private static Gen<string> JsonOf(int depth)
    {
        if (depth == 0)
        {
            return Text;
        }

        Gen<string> inner = JsonOf(depth - 1);
        Gen<string> item = Gen.Select(Name, inner).Select(member => $"\"{member.Item1}\":{member.Item2}");
        return Gen.OneOf(
            Text,
            item.Array[0, 6].Select(members => $"{{{string.Join(',', members)}}}"),
            item.Array[0, 6].Select(members => $"{{{string.Join(',', members)}}}"),
            inner.Array[0, 4].Select(items => $"[{string.Join(',', items)}]"));
    }
}
