using System.Text;
using ImageScan.Core.Api;

namespace ImageScan.Core.Tests.Api;

public sealed class DetectBuildRequestTests
{
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void ReadsWhatTheJenkinsPluginAndRoxctlSend()
    {
        DetectBuildRequest jenkins = Read("""{"imageName":"nginx","cluster":""}""");
        DetectBuildRequest roxctl = Read(
            """{"image":{"id":"","name":{"registry":"r.io","remote":"a/b","tag":"1","fullName":"r.io/a/b:1"}},"force":true,"policyCategories":["A"]}""");

        Assert.Equal(("docker.io/library/nginx:latest", false, ""), (jenkins.Reference().FullName, jenkins.Force, jenkins.Cluster));
        Assert.Equal(("r.io/a/b:1", true), (roxctl.Reference().FullName, roxctl.Force));
        Assert.Equal(["A"], roxctl.PolicyCategories);
    }

    [Theory]
    [InlineData("""{"image_name":"a/b","no_external_metadata":true}""", "docker.io/a/b:latest")]
    [InlineData("""{"image":{"name":{"registry":"r.io","remote":"a/b","tag":"1"}}}""", "r.io/a/b:1")]
    [InlineData("""{"image":{"name":{"remote":"nginx"}}}""", "docker.io/library/nginx:latest")]
    [InlineData($$$$"""{"image":{"id":"{{{{Digest}}}}","name":{"fullName":"r.io/a/b:1"}}}""", $"r.io/a/b:1@{Digest}")]
    [InlineData($$$$"""{"image":{"id":"{{{{Digest}}}}","name":{"fullName":"r.io/a/b@{{{{Digest}}}}"}}}""", $"r.io/a/b@{Digest}")]
    [InlineData("""{"imageName":"one","image":{"name":{"fullName":"other"}}}""", "docker.io/library/one:latest")]
    public void KnowsWhichImageIsMeant(string json, string fullName) => Assert.Equal(fullName, Read(json).Reference().FullName);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"image":{"id":"sha256:1"}}""")]
    [InlineData("""{"image":{"name":{"tag":"1"}},"imageName":""}""")]
    public void MissesAnImage(string json) => Assert.Equal(
        (GrpcCode.InvalidArgument, "invalid arguments: image or image_name must be specified"), Refusal(() => Read(json).Reference()));

    [Theory]
    [InlineData("""{"imageName":"A B"}""", "error parsing image name 'A B': invalid reference format: repository name (library/A B) must be lowercase: invalid arguments")]
    [InlineData("""{"image":{"id":"no digest","name":{"fullName":"a"}}}""", "error parsing image name 'docker.io/library/a:latest@no digest': invalid reference format: invalid arguments")]
    [InlineData("""{"image":7}""", "json: cannot unmarshal number into Go value of type map[string]json.RawMessage")]
    [InlineData("""{"image":{"name":[]}}""", "json: cannot unmarshal array into Go value of type map[string]json.RawMessage")]
    [InlineData("""{"policyCategories":"A"}""", "json: cannot unmarshal string into Go value of type []json.RawMessage")]
    [InlineData("""{"force":"yes"}""", "json: cannot unmarshal string into Go value of type bool")]
    public void RefusesWhatCannotBeRead(string json, string message) =>
        Assert.Equal((GrpcCode.InvalidArgument, message), Refusal(() => Read(json).Reference()));

    private static DetectBuildRequest Read(string json) => DetectBuildRequest.Of(RequestBody.Parse(Encoding.UTF8.GetBytes(json)));

    private static (GrpcCode Code, string Message) Refusal(Action read)
    {
        var refused = Assert.Throws<ApiException>(read);
        return (refused.Code, refused.Message);
    }
}
