using System.Text;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Handlers;
using ImageScan.Core.Results;

namespace ImageScan.Core.Tests.Api;

public sealed class DelegationConfigRequestTests
{
    private static readonly HashSet<string> Valid = ["c1", "c2"];

    [Theory]
    [InlineData("""{"enabledFor":"SPECIFIC","defaultClusterId":"c1","registries":[{"path":"quay.io","clusterId":"c2"},{"path":"ghcr.io"}]}""")]
    [InlineData("""{"enabled_for":2,"default_cluster_id":"c1","registries":[{"path":"quay.io","cluster_id":"c2"},{"path":"ghcr.io","clusterId":null,"x":[1]}]}""")]
    public void ReadsAConfiguration(string json)
    {
        DelegationConfig config = Read(json);

        Assert.Equal((DelegatedImages.Specific, "c1"), (config.EnabledFor, config.DefaultClusterId));
        Assert.Equal([new DelegatedRegistry("quay.io", "c2"), new DelegatedRegistry("ghcr.io", "")], config.Registries);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"enabledFor":null,"defaultClusterId":null,"registries":null}""")]
    [InlineData("""{"enabledFor":"NONE","registries":[]}""")]
    [InlineData("""{"enabledFor":0}""")]
    public void TakesWhatIsNotThereForTheDefault(string json)
    {
        DelegationConfig config = Read(json);

        Assert.Equal((DelegatedImages.None, "", 0), (config.EnabledFor, config.DefaultClusterId, config.Registries.Count));
    }

    [Fact]
    public void TakesNullInAListForTheEmptyMessage() =>
        Assert.Equal([new DelegatedRegistry("", "")], Read("""{"registries":[null]}""").Registries);

    [Theory]
    [InlineData("""{"enabledFor":"all"}""", "unknown value \"all\" for enum v1.DelegatedRegistryConfig_EnabledFor")]
    [InlineData("""{"enabledFor":"S\u0022X"}""", "unknown value \"S\\\"X\" for enum v1.DelegatedRegistryConfig_EnabledFor")]
    [InlineData("""{"enabledFor":3}""", "unknown value \"3\" for enum v1.DelegatedRegistryConfig_EnabledFor")]
    [InlineData("""{"enabledFor":true}""", "json: cannot unmarshal bool into Go value of type int32")]
    [InlineData("""{"enabledFor":[]}""", "json: cannot unmarshal array into Go value of type int32")]
    [InlineData("""{"registries":{}}""", "json: cannot unmarshal object into Go value of type []json.RawMessage")]
    [InlineData("""{"registries":"x"}""", "json: cannot unmarshal string into Go value of type []json.RawMessage")]
    [InlineData("""{"registries":["x"]}""", "json: cannot unmarshal string into Go value of type map[string]json.RawMessage")]
    [InlineData("""{"registries":[[]]}""", "json: cannot unmarshal array into Go value of type map[string]json.RawMessage")]
    [InlineData("""{"registries":[{"path":5}]}""", "json: cannot unmarshal number into Go value of type string")]
    public void RefusesWrongTypesInTheWordsOfTheGateway(string json, string message)
    {
        var error = Assert.Throws<ApiException>(() => Read(json));

        Assert.Equal((GrpcCode.InvalidArgument, message), (error.Code, error.Message));
    }

    [Fact]
    public void RefusesMoreThanIsKept()
    {
        string Listed(int count, string path) => $$"""{"registries":[{{string.Join(',', Enumerable.Repeat($"{{\"path\":\"{path}\"}}", count))}}]}""";

        Assert.Equal(500, Read(Listed(500, "a")).Registries.Count);
        Assert.Equal(GrpcCode.InvalidArgument, Assert.Throws<ApiException>(() => Read(Listed(501, "a"))).Code);
        Assert.Equal(2, Read(Listed(2, new string('a', 16 * 1024))).Registries.Count);
        Assert.Equal(GrpcCode.InvalidArgument, Assert.Throws<ApiException>(() => Read(Listed(2, new string('a', (16 * 1024) + 1)))).Code);
    }

    [Theory]
    [InlineData("""{"enabledFor":"ALL"}""")]
    [InlineData("""{"enabledFor":"ALL","defaultClusterId":"c1","registries":[{"path":"a","clusterId":"c2"},{"path":"b"}]}""")]
    [InlineData("""{"enabledFor":"NONE","defaultClusterId":"gone","registries":[{"path":"","clusterId":"gone"}]}""")]
    public void FindsNothingWrong(string json) => Assert.Empty(DelegationApi.ReasonsAgainst(Read(json), Valid));

    [Theory]
    [InlineData("""{"enabledFor":"ALL","defaultClusterId":"gone"}""", "default cluster \"gone\" is not valid")]
    [InlineData("""{"enabledFor":"SPECIFIC","registries":[{"path":"a","clusterId":"gone"}]}""", "cluster \"gone\" is not valid")]
    [InlineData("""{"enabledFor":"SPECIFIC","registries":[{"clusterId":"c1"}]}""", "missing registry path")]
    [InlineData(
        """{"enabledFor":"ALL","defaultClusterId":"x","registries":[{"path":"","clusterId":"y"}]}""",
        "default cluster \"x\" is not valid|cluster \"y\" is not valid|missing registry path")]
    public void SaysAllThatIsWrongInStackRoxsWords(string json, string reasons) =>
        Assert.Equal(reasons.Split('|'), DelegationApi.ReasonsAgainst(Read(json), Valid));

    private static DelegationConfig Read(string json) => DelegationConfigRequest.Of(RequestBody.Parse(Encoding.UTF8.GetBytes(json)));
}
