using System.Net;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Images.Registries.Logins;

namespace ImageScan.Core.Tests.Images.Registries.Logins;

/// <summary>Workload identity federation as https://google.aip.dev/auth/4117 has it; its configurations are made after the examples there.</summary>
public sealed class GoogleLoginTests
{
    private const string Host = "europe-west1-docker.pkg.dev";
    private const string Provider = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/azure";
    private const string Account = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/scan@p.iam.gserviceaccount.com:generateAccessToken";
    private const string OfAzure =
        """{"url":"http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=api%3A%2F%2Fgoogle","headers":{"Metadata":"True"},"format":{"type":"json","subject_token_field_name":"access_token"}}""";

    private static string Configuration(string source = OfAzure, string token = "https://sts.googleapis.com/v1/token", string impersonation = "") => $$"""
        {"type":"external_account","audience":"{{Provider}}","subject_token_type":"urn:ietf:params:oauth:token-type:jwt",
         "token_url":"{{token}}",{{(impersonation.Length > 0 ? $"\"service_account_impersonation_url\":\"{impersonation}\"," : "")}}"credential_source":{{source}}}
        """;

    private static FakeCloud Cloud() => new(request => request.Place switch
    {
        "sts.googleapis.com/v1/token" => FakeCloud.Json("""{"access_token":"federated","expires_in":3600,"token_type":"Bearer"}"""),
        _ when request.Uri.Host == "iamcredentials.googleapis.com" => FakeCloud.Json("""{"accessToken":"account","expireTime":"2026-11-26T13:00:00Z"}"""),
        "europe-west1-docker.pkg.dev/v2/token" when request.Authorization.Length > 0 => FakeCloud.Json("""{"token":"pull"}"""),
        _ when request.Authorization == "Bearer pull" => CloudRequest.ManifestAnswer(),
        _ => FakeCloud.Challenge($"Bearer realm=\"https://{Host}/v2/token\",service=\"{Host}\""),
    });

    private static RegistrySettings Settings(string configuration) => new() { Host = Host, Login = RegistryLogin.Google, GoogleCredentials = configuration };

    private static string PasswordSentIn(FakeCloud cloud) => Encoding.UTF8.GetString(
        Convert.FromBase64String(Assert.Single(cloud.Requests, request => request.Place == $"{Host}/v2/token").Authorization["Basic ".Length..]));

    [Fact]
    public async Task ExchangesATokenOfTheIdentityOfAzure()
    {
        FakeCloud cloud = Cloud();

        await cloud.ResolveAsync(Settings(Configuration()));

        Assert.Equal([(new AzureIdentity(), "api://google")], cloud.Identities);
        CloudRequest exchange = Assert.Single(cloud.Requests, request => request.Uri.Host == "sts.googleapis.com");
        Assert.Equal(
            [
                ("audience", Provider), ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"), ("scope", "https://www.googleapis.com/auth/cloud-platform"),
                ("subject_token", FakeCloud.IdentityToken), ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            ],
            exchange.Form.Select(field => (field.Key, field.Value)).Order());
        Assert.Equal(("", AddressRule.Public), (exchange.Authorization, exchange.Rule));
        Assert.Equal("oauth2accesstoken:federated", PasswordSentIn(cloud));
        Assert.DoesNotContain(cloud.Requests, request => request.Uri.Host == "169.254.169.254");
    }

    [Fact]
    public async Task GoesOnToAServiceAccount()
    {
        FakeCloud cloud = Cloud();

        await cloud.ResolveAsync(Settings(Configuration(impersonation: Account)));

        CloudRequest impersonation = Assert.Single(cloud.Requests, request => request.Uri.AbsoluteUri == Account);
        Assert.Equal(
            ("Bearer federated", """{"scope":["https://www.googleapis.com/auth/cloud-platform"],"lifetime":"3600s"}"""),
            (impersonation.Authorization, impersonation.Body));
        Assert.Equal("oauth2accesstoken:account", PasswordSentIn(cloud));
    }

    [Theory]
    [InlineData("""{"file":"/token"}""", " token of the file\n")]
    [InlineData("""{"file":"/token","url":"https://evil.example/","format":{"type":"json","subject_token_field_name":"id_token"}}""", """{"id_token":"token of the file"}""")]
    public async Task ReadsTheTokenInAFile(string source, string file)
    {
        FakeCloud cloud = Cloud();
        cloud.Files["/token"] = file;

        await cloud.ResolveAsync(Settings(Configuration(source)));

        Assert.Equal("token of the file", Assert.Single(cloud.Requests, request => request.Uri.Host == "sts.googleapis.com").Form["subject_token"]);
    }

    [Fact]
    public async Task ReadsTheConfigurationThatTheEnvironmentNames()
    {
        FakeCloud cloud = Cloud();
        cloud.Variables["GOOGLE_APPLICATION_CREDENTIALS"] = "/configuration.json";
        cloud.Files["/configuration.json"] = Configuration();
        RegistryClient client = cloud.Client([], [new RegistryAccount("1", "ours", Host) { Login = new GoogleLogin() }]);

        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");

        Assert.Equal("oauth2accesstoken:federated", PasswordSentIn(cloud));
    }

    [Fact]
    public async Task TakesAServiceAccountsKeyAsThePassword()
    {
        FakeCloud cloud = Cloud();

        await cloud.ResolveAsync(Settings("""{"type":"service_account","private_key":"x"}"""));

        Assert.Equal("""_json_key:{"type":"service_account","private_key":"x"}""", PasswordSentIn(cloud));
    }

    [Theory]
    [InlineData("https://evil.example/v1/token", Account)]
    [InlineData("http://sts.googleapis.com/v1/token", Account)]
    [InlineData("https://sts.googleapis.com.evil.example/v1/token", Account)]
    [InlineData("https://sts.googleapis.com@evil.example/v1/token", Account)]
    [InlineData("https://sts.googleapis.com:8443/v1/token", Account)]
    [InlineData("https://sts.googleapis.com/v1/token", "https://evil.example/")]
    [InlineData("https://sts.googleapis.com/v1/token", "https://evilgoogleapis.com/")]
    public async Task AsksNoAddressOutsideOfGoogle(string token, string impersonation)
    {
        FakeCloud cloud = Cloud();

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(Settings(Configuration(OfAzure, token, impersonation))));

        Assert.Contains("is no https address of googleapis.com", e.Message, StringComparison.Ordinal);
        Assert.Empty(cloud.Identities);
        Assert.All(cloud.Requests, request => Assert.Equal(Host, request.Uri.Host));
    }

    [Theory]
    [InlineData("""{"url":"http://169.254.169.254/latest/meta-data"}""")]
    [InlineData("""{"url":"http://localhost:5000/token"}""")]
    [InlineData("""{"executable":{"command":"/bin/sh"}}""")]
    [InlineData("""{"environment_id":"aws1"}""")]
    [InlineData("[]")]
    public async Task TakesNoTokenFromElsewhere(string source)
    {
        FakeCloud cloud = Cloud();

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(Settings(Configuration(source))));

        Assert.Contains("is neither a file nor an identity of Azure", e.Message, StringComparison.Ordinal);
        Assert.All(cloud.Requests, request => Assert.Equal(Host, request.Uri.Host));
    }

    [Theory]
    [InlineData("hunter2", "it is no JSON")]
    [InlineData("[\"hunter2\"]", "its type is \"\"")]
    [InlineData("""{"type":"authorized_user","refresh_token":"hunter2"}""", "its type is \"authorized_user\"")]
    public async Task SaysWhatIsWrongWithAConfigurationButNotWhatIsInIt(string configuration, string reason)
    {
        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => Cloud().ResolveAsync(Settings(configuration)));

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", $"{e}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"error":"invalid_grant","error_description":"hunter2"}""", 400, "the token exchange of Google: 400 invalid_grant")]
    [InlineData("""{"error":{"code":403,"status":"PERMISSION_DENIED","message":"hunter2"}}""", 403, "the token exchange of Google: 403 PERMISSION_DENIED")]
    [InlineData("hunter2", 400, "the token exchange of Google: 400")]
    [InlineData("{}", 200, "the token exchange of Google: it answered without a token")]
    public async Task SaysThatItWasRefused(string answer, int status, string reason)
    {
        var cloud = new FakeCloud(request => request.Uri.Host == "sts.googleapis.com"
            ? FakeCloud.Json(answer, (HttpStatusCode)status)
            : FakeCloud.Challenge($"Bearer realm=\"https://{Host}/v2/token\""));

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(Settings(Configuration())));

        Assert.Equal($"logging in at {Host}: {reason}", e.Message);
    }
}
