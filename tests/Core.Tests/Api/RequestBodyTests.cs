using System.Text;
using CsCheck;
using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Tests.Api;

public sealed class RequestBodyTests
{
    private static readonly string[] Fragments = ["{", "}", "[", "]", "\"imageName\"", ":", ",", "\"\\ud800\"", "null", "1e9", " "];

    [Theory]
    [InlineData("""{"imageName":"nginx","force":true,"includeSnoozed":true,"cluster":"c"}""")]
    [InlineData("""{"image_name":"nginx","force":true,"include_snoozed":true,"cluster":"c"}""")]
    [InlineData("""{"imageName":"nginx","image_name":"other","force":true,"include_snoozed":false,"includeSnoozed":true,"cluster":"c"}""")]
    [InlineData("""{"imageName":"first","imageName":"nginx","force":true,"includeSnoozed":true,"cluster":"c","unknown":[{"a":[1,2]}]}""")]
    [InlineData("""  {"imageName":"nginx","force":true,"includeSnoozed":true,"cluster":"c"}}} anything""")]
    [InlineData("""{"imageName":"\u006eginx","force":true,"includeSnoozed":true,"cluster":"c"}""")]
    public void ReadsAScanRequest(string json) => Assert.Equal(new ScanImageRequest("nginx", true, true, "c"), Read(json));

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"imageName":null,"force":null,"includeSnoozed":null,"cluster":null}""")]
    [InlineData("""{"ImageName":"nginx","FORCE":true,"Image_Name":"nginx"}""")]
    public void TakesWhatIsNotThereForTheDefault(string json) => Assert.Equal(new ScanImageRequest("", false, false, ""), Read(json));

    [Theory]
    [InlineData("""{"imageName":5}""", "json: cannot unmarshal number into Go value of type string")]
    [InlineData("""{"imageName":true}""", "json: cannot unmarshal bool into Go value of type string")]
    [InlineData("""{"imageName":["a"]}""", "json: cannot unmarshal array into Go value of type string")]
    [InlineData("""{"image_name":{}}""", "json: cannot unmarshal object into Go value of type string")]
    [InlineData("""{"force":"true"}""", "json: cannot unmarshal string into Go value of type bool")]
    [InlineData("""{"force":1}""", "json: cannot unmarshal number into Go value of type bool")]
    [InlineData("""{"cluster":1,"force":1}""", "json: cannot unmarshal number into Go value of type bool")]
    [InlineData("[]", "json: cannot unmarshal array into Go value of type map[string]json.RawMessage")]
    [InlineData("5", "json: cannot unmarshal number into Go value of type map[string]json.RawMessage")]
    [InlineData("\"x\"", "json: cannot unmarshal string into Go value of type map[string]json.RawMessage")]
    [InlineData("true", "json: cannot unmarshal bool into Go value of type map[string]json.RawMessage")]
    [InlineData("{", "the request body is no JSON that can be read: byte 1 of line 1 is the end or not what belongs there, or lies deeper than 64 levels")]
    public void RefusesWrongTypesInTheWordsOfTheGateway(string json, string message)
    {
        var error = Assert.Throws<ApiException>(() => Read(json));

        Assert.Equal((GrpcCode.InvalidArgument, message), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("[1")]
    [InlineData("{\"imageName\"")]
    [InlineData("{\"imageName\":\"x\"")]
    [InlineData("{'imageName':'x'}")]
    [InlineData("{\"imageName\":\"x\",}")]
    [InlineData("nginx")]
    [InlineData("{\"imageName\":\"\\x\"}")]
    public void RefusesWhatIsNoJson(string json)
    {
        var error = Assert.Throws<ApiException>(() => Read(json));

        Assert.Equal(GrpcCode.InvalidArgument, error.Code);
        Assert.StartsWith("the request body is no JSON that can be read: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SkipsAByteOrderMark() =>
        Assert.Equal("nginx", ScanImageRequest.Of(RequestBody.Parse([0xEF, 0xBB, 0xBF, .. """{"imageName":"nginx"}"""u8])).ImageName);

    [Theory]
    [InlineData("""{"imageName":"a\ud800b\"\u0041\n\\"}""", "a\uFFFDb\"A\n\\")]
    [InlineData("""{"imageName":"\udc00\ud83d\ude00"}""", "\uFFFD😀")]
    [InlineData("""{"\ud800":1,"imageName":"x"}""", "x")]
    public void ReplacesHalfASurrogatePair(string json, string name) => Assert.Equal(name, Read(json).ImageName);

    [Fact]
    public void ReplacesBadUtf8() =>
        Assert.Equal("a\uFFFD", ScanImageRequest.Of(RequestBody.Parse([.. "{\"imageName\":\"a"u8, 0xFF, .. "\"}"u8])).ImageName);

    [Fact]
    public void RefusesDeepNestingEvenWhereNobodyReads()
    {
        string Nested(int depth) => $"{{\"other\":{new string('[', depth)}{new string(']', depth)}}}";

        Assert.Equal("", Read(Nested(RequestBody.MaxDepth - 1)).ImageName);
        Assert.Equal(GrpcCode.InvalidArgument, Assert.Throws<ApiException>(() => Read(Nested(RequestBody.MaxDepth))).Code);
    }

    [Fact]
    public async Task RefusesABodyThatIsTooLong()
    {
        string Padded(int length) => "{\"imageName\":\"x\"}".PadRight(length);

        ScanImageRequest request = await ScanImageRequest.ReadAsync(With(Padded(RequestBody.MaxBytes)), TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<ApiException>(() => ScanImageRequest.ReadAsync(With(Padded(RequestBody.MaxBytes + 1)), TestContext.Current.CancellationToken));

        Assert.Equal("x", request.ImageName);
        Assert.Equal((GrpcCode.InvalidArgument, "the request body is longer than 65536 bytes"), (error.Code, error.Message));
    }

    [Fact]
    public void ThrowsNothingButApiExceptionsWhateverComes() => Gen.OneOf(
        Gen.Byte.Array[0, 60],
        Gen.Select(Gen.Int[0, 40], Gen.Byte).Select((at, value) =>
        {
            byte[] json = [.. """{"imageName":"\ud83d\ude00x","force":true,"z":[1]}"""u8];
            json[at] = value;
            return json;
        }),
        Gen.Int[0, Fragments.Length - 1].Array[0, 12]
            .Select(choices => Encoding.UTF8.GetBytes(string.Concat(choices.Select(choice => Fragments[choice]))))).Sample(json =>
        {
            try
            {
                ScanImageRequest.Of(RequestBody.Parse(json));
            }
            catch (ApiException error) when (error.Code == GrpcCode.InvalidArgument)
            {
            }
        });

    private static ScanImageRequest Read(string json) => ScanImageRequest.Of(RequestBody.Parse(Encoding.UTF8.GetBytes(json)));

    private static HttpRequest With(string body)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return context.Request;
    }
}
