using ImageScan.Core.Api.Webhooks.Providers;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

public sealed class EcrWebhookTests
{
    private readonly EcrWebhook _ecr = new();

    [Theory]
    [InlineData("us-gov-west-1", "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com")]
    [InlineData("cn-north-1", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn")]
    [InlineData("cn-northwest-1", "123456789012.dkr.ecr.cn-northwest-1.amazonaws.com.cn")]
    [InlineData("eusc-de-east-1", "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu")]
    [InlineData("us-isob-east-1", "123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov")]
    public void MakesTheHostOfAccountAndRegion(string region, string host) =>
        Assert.Equal([$"Push {host}/shop/cart:1.4.2@{SentWebhook.Digest}"], _ecr.Events(ReadSender.Body("ecr", ("eu-central-1", region))));

    [Theory]
    [InlineData("123456789012", "12345678901x")]
    [InlineData("123456789012", "evil.example.com/")]
    [InlineData("eu-central-1", "evil.example.com")]
    [InlineData("eu-central-1", "eu-central-1.evil")]
    [InlineData("eu-central-1", "")]
    public void MakesNoHostOfAnythingElse(string old, string replacement) => _ecr.Ignores(ReadSender.Body("ecr", (old, replacement)));

    [Fact]
    public void TakesADeletion() => Assert.Equal(
        [$"Delete 123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/cart:1.4.2@{SentWebhook.Digest}"],
        _ecr.Events(ReadSender.Body("ecr", ("PUSH", "DELETE"))));

    [Theory]
    [InlineData("\"PUSH\"", "\"UPDATE_STORAGE_CLASS\"")]
    [InlineData("SUCCESS", "FAILURE")]
    [InlineData("ECR Image Action", "ECR Image Scan")]
    [InlineData("ECR Image Action", "ECR Referrer Action")]
    [InlineData("application/vnd.oci.image.config.v1+json", "application/vnd.cncf.helm.config.v1+json")]
    [InlineData("application/vnd.oci.image.manifest.v1+json", "application/vnd.cncf.oras.artifact.manifest.v1+json")]
    public void PassesOverWhatIsNoPushOfAnImage(string old, string replacement) => _ecr.Ignores(ReadSender.Body("ecr", (old, replacement)));

    // Both examples after https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html; the region is where the image has come to.
    [Theory]
    [InlineData("ECR Replication Action", """ "result": "SUCCESS", "action-type": "REPLICATE", "source-account": "1", "source-region": "us-west-2" """)]
    [InlineData("ECR Pull Through Cache Action", """ "rule-version": "1", "sync-status": "SUCCESS", "ecr-repository-prefix": "docker-hub" """)]
    public void TakesImagesThatCameFromElsewhere(string type, string detail) => Assert.Equal(
        [$"Push 123456789012.dkr.ecr.us-east-1.amazonaws.com/docker-hub/alpine:3.20@{SentWebhook.Digest}"],
        _ecr.Events($$"""
            {
              "version": "0", "id": "c8b133b1-6029-ee73-e2a1-4f466b8ba999", "detail-type": "{{type}}", "source": "aws.ecr",
              "account": "123456789012", "time": "2026-05-04T08:12:31Z", "region": "us-east-1",
              "resources": ["arn:aws:ecr:us-east-1:123456789012:repository/docker-hub/alpine"],
              "detail": { {{detail}}, "repository-name": "docker-hub/alpine", "image-tag": "3.20", "image-digest": "{{SentWebhook.Digest}}" }
            }
            """));

    [Fact]
    public void TakesAPushOfAnIndexWhateverItsConfigurationMayBe() => Assert.Single(_ecr.Events(ReadSender.Body(
        "ecr",
        ("application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json"),
        ("application/vnd.oci.image.config.v1+json", "application/vnd.oci.empty.v1+json"))));

    [Fact]
    public void TakesSeveralEventsOfAPipe() => Assert.Equal(2, _ecr.Events($"[{ReadSender.Body("ecr")},{ReadSender.Body("ecr")}]").Length);
}
