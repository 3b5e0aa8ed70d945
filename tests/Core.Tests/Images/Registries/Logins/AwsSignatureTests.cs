using System.Text;
using ImageScan.Core.Images.Registries.Logins;

namespace ImageScan.Core.Tests.Images.Registries.Logins;

/// <summary>
/// The test suite of AWS: names, requests and signatures are those of
/// https://github.com/awslabs/aws-c-auth/tree/v0.9.1/tests/aws-signing-test-suite/v4, the files <c>request.txt</c> and <c>header-signature.txt</c>.
/// </summary>
public sealed class AwsSignatureTests
{
    private const string Session = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
    private const string StsSession = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI"
        + "/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZb"
        + "qBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
    private const string Unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string FormHash = "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e";

    private static readonly AwsKeys Keys = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private static readonly AwsScope Scope = new(new DateTimeOffset(2015, 8, 30, 12, 36, 0, TimeSpan.Zero), "us-east-1", "service");

    // Name, method, path, query, headers beside Host and X-Amz-Date, body, signature.
    public static TheoryData<string, string, string, string, string[], string, string> Suite => new()
    {
        { "get-vanilla", "GET", "/", "", [], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31" },
        { "get-vanilla-empty-query-key", "GET", "/", "Param1=value1", [], "", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb" },
        { "get-vanilla-query-order-key-case", "GET", "/", "Param2=value2&Param1=value1", [], "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500" },
        { "get-vanilla-query-order-encoded", "GET", "/", "Param-3=Value3&Param=Value2&%E1%88%B4=Value1", [], "", "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac" },
        { "get-vanilla-query-unreserved", "GET", "/", $"{Unreserved}={Unreserved}", [], "", "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197" },
        { "get-vanilla-utf8-query", "GET", "/", "ሴ=bar", [], "", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04" },
        { "get-unreserved", "GET", $"/{Unreserved}", "", [], "", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f" },
        { "get-utf8", "GET", "/ሴ", "", [], "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85" },
        { "get-space-normalized", "GET", "/example space/", "", [], "", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741" },
        { "get-slash-dot-slash-normalized", "GET", "/./", "", [], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31" },
        { "get-relative-normalized", "GET", "/example/..", "", [], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31" },
        { "get-header-key-duplicate", "GET", "/", "", ["My-Header1:value2", "My-Header1:value2", "My-Header1:value1"], "", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea" },
        { "get-header-value-order", "GET", "/", "", ["My-Header1:value4", "My-Header1:value1", "My-Header1:value3", "My-Header1:value2"], "", "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01" },
        { "get-header-value-trim", "GET", "/", "", ["My-Header1: value1", "My-Header2: \"a   b   c\""], "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736" },
        { "get-header-value-multiline", "GET", "/", "", ["My-Header1:value1\n  value2\n     value3"], "", "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd" },
        { "get-vanilla-with-session-token", "GET", "/", "", [$"X-Amz-Security-Token:{Session}"], "", "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8" },
        { "post-vanilla", "POST", "/", "", [], "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b" },
        { "post-vanilla-query", "POST", "/", "Param1=value1", [], "", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11" },
        { "post-header-key-sort", "POST", "/", "", ["My-Header1:value1"], "", "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c" },
        { "post-header-value-case", "POST", "/", "", ["My-Header1:VALUE1"], "", "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d" },
        { "post-sts-header-before", "POST", "/", "", [$"X-Amz-Security-Token:{StsSession}"], "", "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead" },
        { "post-x-www-form-urlencoded", "POST", "/", "", ["Content-Type:application/x-www-form-urlencoded", "Content-Length:13", $"x-amz-content-sha256:{FormHash}"], "Param1=value1", "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b" },
        { "post-x-www-form-urlencoded-parameters", "POST", "/", "", ["Content-Type:application/x-www-form-urlencoded; charset=utf-8", "Content-Length:13", $"x-amz-content-sha256:{FormHash}"], "Param1=value1", "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422" },
    };

    [Theory]
    [MemberData(nameof(Suite))]
    public void IsTheOneOfTheTestSuite(string name, string method, string path, string query, string[] headers, string body, string signature)
    {
        IEnumerable<(string, string)> more = headers.Select(header => header.Split(':', 2)).Select(parts => (parts[0], parts[1]));
        var request = new AwsRequest(
            method, path, query, [("Host", "example.amazonaws.com"), .. more, ("X-Amz-Date", Scope.Stamp)], Encoding.UTF8.GetBytes(body));

        Assert.Equal((name, signature), (name, AwsSignature.Of(request, Scope, Keys)));
    }

    // Its parts are those of the files of get-vanilla.
    [Fact]
    public void IsMadeOfTheCanonicalRequest()
    {
        var request = new AwsRequest("GET", "/", "", [("X-Amz-Date", Scope.Stamp), ("Host", "example.amazonaws.com")], default);

        Assert.Equal(
            "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            AwsSignature.CanonicalRequest(request));
        Assert.Equal(
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\nbb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
            AwsSignature.StringToSign(request, Scope));
        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            AwsSignature.AuthorizationOf(request, Scope, Keys));
    }

    // The example of the documentation before 2024 (https://docs.aws.amazon.com/general/latest/gr/sigv4-signed-request-examples.html).
    [Fact]
    public void IsTheOneOfTheDocumentedListUsers()
    {
        var request = new AwsRequest(
            "GET",
            "/",
            "Action=ListUsers&Version=2010-05-08",
            [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"), ("Host", "iam.amazonaws.com"), ("X-Amz-Date", Scope.Stamp)],
            default);

        Assert.Equal("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7", AwsSignature.Of(request, Scope with { Service = "iam" }, Keys));
    }

    [Fact]
    public void SaysNothingOfTheKey()
    {
        var request = new AwsRequest("GET", "/", "", [(AwsRequest.SessionHeader, Session)], default);

        Assert.DoesNotContain(Keys.SecretAccessKey, $"{Keys} {AwsSignature.AuthorizationOf(request, Scope, Keys)}", StringComparison.Ordinal);
        Assert.DoesNotContain(Session, $"{request} {Keys with { SessionToken = Session }}", StringComparison.Ordinal);
    }
}
