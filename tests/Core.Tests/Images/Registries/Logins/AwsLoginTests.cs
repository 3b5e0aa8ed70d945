using System.Globalization;
using System.Net;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Images.Registries.Logins;

namespace ImageScan.Core.Tests.Images.Registries.Logins;

/// <summary>
/// Amazon ECR and STS as https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html and
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html have them.
/// </summary>
public sealed class AwsLoginTests
{
    private const string Host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
    private const string Api = "api.ecr.eu-west-1.amazonaws.com/";
    private const string Sts = "sts.eu-west-1.amazonaws.com/";
    private const string Role = "arn:aws:iam::123456789012:role/scan";

    private static readonly string Basic = $"Basic {Convert.ToBase64String("AWS:password"u8)}";
    private static readonly RegistrySettings Settings = new() { Host = Host, Login = RegistryLogin.Aws };
    private static readonly RegistrySettings WithKeys = Settings with { AccessKeyId = "AKIDEXAMPLE", SecretAccessKey = "secret of the key" };

    private Func<HttpResponseMessage>? _api;
    private Func<HttpResponseMessage>? _sts;

    private FakeCloud Cloud()
    {
        FakeCloud? cloud = null;
        cloud = new FakeCloud(request => request.Place switch
        {
            "169.254.170.2/v2/credentials/1" => FakeCloud.Json("""{"AccessKeyId":"ASIACONTAINER","SecretAccessKey":"s","Token":"session","Expiration":"2026-11-26T18:00:00Z"}"""),
            Sts or "sts.amazonaws.com/" => _sts?.Invoke() ?? Assumed(request.Form["Action"]),
            _ when request.Headers.ContainsKey("X-Amz-Target") => _api?.Invoke() ?? Authorized(cloud!.Time.GetUtcNow().AddHours(12)),
            _ when request.Authorization == Basic => CloudRequest.ManifestAnswer(),
            _ => FakeCloud.Challenge($"Basic realm=\"https://{request.Uri.Authority}/\",service=\"ecr.amazonaws.com\""),
        });
        return cloud;
    }

    private static HttpResponseMessage Authorized(DateTimeOffset end, string password = "password") => FakeCloud.Json(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"authorizationData":[{"authorizationToken":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes($"AWS:{password}"))}}","expiresAt":{{end.ToUnixTimeSeconds()}}.5E0,"proxyEndpoint":"https://elsewhere.example"}]}"""));

    private static HttpResponseMessage Assumed(string action) => Xml($"""
        <{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><Credentials>
          <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret of the role</SecretAccessKey>
          <SessionToken>session of the role</SessionToken><Expiration>2026-11-26T13:00:00Z</Expiration>
        </Credentials></{action}Result></{action}Response>
        """.Replace("session of the role", "session+of/the=role", StringComparison.Ordinal));

    private static HttpResponseMessage Xml(string xml, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(xml, Encoding.UTF8, "text/xml") };

    private static string KeyOf(CloudRequest request) => request.Authorization.Split("Credential=")[1].Split(',')[0];

    [Fact]
    public async Task AsksForAPasswordWithItsKeys()
    {
        FakeCloud cloud = Cloud();

        await cloud.ResolveAsync(WithKeys);

        CloudRequest asked = Assert.Single(cloud.Requests, request => request.Place == Api);
        Assert.Equal(("POST", """{"registryIds":["123456789012"]}""", AddressRule.Public), (asked.Method, asked.Body, asked.Rule));
        Assert.Equal("AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", asked.Headers["X-Amz-Target"]);
        Assert.Equal("application/x-amz-json-1.1", asked.Headers["Content-Type"]);
        Assert.Equal("AKIDEXAMPLE/20261126/eu-west-1/ecr/aws4_request", KeyOf(asked));
        Assert.Contains("SignedHeaders=content-type;host;x-amz-date;x-amz-target,", asked.Authorization, StringComparison.Ordinal);
        Assert.Equal([Basic], cloud.Requests.Where(request => request.Uri.Authority == Host && request.Authorization.Length > 0).Select(request => request.Authorization));
    }

    [Fact]
    public async Task KeepsThePasswordUntilShortlyBeforeItsEnd()
    {
        FakeCloud cloud = Cloud();
        RegistryClient client = cloud.Client([WithKeys]);
        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");

        cloud.Time.Advance(TimeSpan.FromMinutes(714));
        await FakeCloud.ResolveAsync(client, $"{Host}/m:1");
        Assert.Single(cloud.Requests, request => request.Place == Api);
        cloud.Time.Advance(TimeSpan.FromMinutes(2));
        await FakeCloud.ResolveAsync(client, $"{Host}/o:1");
        await cloud.UntilAsync(request => request.Place == Api, 2);
    }

    [Fact]
    public async Task TakesARoleWithItsKeys()
    {
        FakeCloud cloud = Cloud();

        await cloud.ResolveAsync(WithKeys with { RoleArn = Role, ExternalId = "agreed & said" });

        CloudRequest assumed = Assert.Single(cloud.Requests, request => request.Place == Sts);
        Assert.Equal(
            [("Action", "AssumeRole"), ("ExternalId", "agreed & said"), ("RoleArn", Role), ("RoleSessionName", "imagescan"), ("Version", "2011-06-15")],
            assumed.Form.Select(field => (field.Key, field.Value)).Order());
        Assert.Equal("AKIDEXAMPLE/20261126/eu-west-1/sts/aws4_request", KeyOf(assumed));
        CloudRequest asked = Assert.Single(cloud.Requests, request => request.Place == Api);
        Assert.Equal(("ASIAROLE/20261126/eu-west-1/ecr/aws4_request", "session+of/the=role"), (KeyOf(asked), asked.Headers["X-Amz-Security-Token"]));
    }

    [Fact]
    public async Task TakesARoleForAnIdentityOfAzureWithoutAnyKey()
    {
        FakeCloud cloud = Cloud();

        await cloud.ResolveAsync(Settings with { RoleArn = Role, Audience = "api://aws", ClientId = "me" });

        Assert.Equal([(new AzureIdentity("me"), "api://aws")], cloud.Identities);
        CloudRequest assumed = Assert.Single(cloud.Requests, request => request.Place == Sts);
        Assert.Equal(("AssumeRoleWithWebIdentity", FakeCloud.IdentityToken, ""), (assumed.Form["Action"], assumed.Form["WebIdentityToken"], assumed.Authorization));
        Assert.DoesNotContain(cloud.Requests, request => request.Place != Sts && request.Body.Contains(FakeCloud.IdentityToken, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("key", "AKIAENV")]
    [InlineData("web identity", "ASIAROLE")]
    [InlineData("container", "ASIACONTAINER")]
    public async Task TakesWhatTheEnvironmentHas(string kind, string key)
    {
        FakeCloud cloud = Cloud();
        (string, string)[] variables = kind switch
        {
            "key" => [("AWS_ACCESS_KEY_ID", "AKIAENV"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_ROLE_ARN", Role), ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token")],
            "web identity" => [("AWS_ROLE_ARN", Role), ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"), ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1")],
            _ => [("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1")],
        };
        foreach ((string name, string value) in variables)
        {
            cloud.Variables[name] = value;
        }

        cloud.Files["/token"] = "token of the pod\n";

        await cloud.ResolveAsync(Settings);

        CloudRequest asked = Assert.Single(cloud.Requests, request => request.Place == Api);
        Assert.StartsWith(key, KeyOf(asked), StringComparison.Ordinal);
        Assert.Equal(
            kind == "web identity" ? ["token of the pod"] : [],
            cloud.Requests.Where(request => request.Place == Sts).Select(request => request.Form["WebIdentityToken"]));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://evil.example/")]
    [InlineData("file:///etc/passwd")]
    public async Task AsksNoContainerThatIsNone(string address)
    {
        FakeCloud cloud = Cloud();
        cloud.Variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = address;

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(Settings));

        Assert.Contains("AWS_CONTAINER_CREDENTIALS_FULL_URI is none of ECS or EKS", e.Message, StringComparison.Ordinal);
        Assert.All(cloud.Requests, request => Assert.Equal(Host, request.Uri.Authority));
    }

    [Fact]
    public async Task SaysWhatIsMissingWithoutAnyKey()
    {
        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => Cloud().ResolveAsync(Settings));

        Assert.Contains("no key of AWS is set (AccessKeyId and SecretAccessKey)", e.Message, StringComparison.Ordinal);
        Assert.Equal(RegistryFailure.AccountUnusable, e.Failure);
    }

    [Fact]
    public async Task SaysTheCodeOfAwsAndToTheLogItsWordsButNotWhatItWouldHaveSigned()
    {
        _api = () => FakeCloud.Json(
            """{"__type":"com.amazonaws.ecr#InvalidSignatureException","message":"The request signature does not match.\nThe Canonical String was x-amz-security-token:hidden"}""",
            HttpStatusCode.BadRequest);
        FakeCloud cloud = Cloud();

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(WithKeys));

        Assert.EndsWith("AWS refused it (InvalidSignatureException)", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            $"Cloud login refused ecr:GetAuthorizationToken at https://{Api}: InvalidSignatureException: The request signature does not match.",
            Assert.Single(cloud.Log.Lines),
            StringComparison.Ordinal);
        Assert.DoesNotContain("secret of the key", $"{e}", StringComparison.Ordinal);
    }

    // Every token of the group scan may read the error.
    [Fact]
    public async Task NamesNoRoleAndNoUserInTheError()
    {
        _sts = () => Xml(
            $"<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/x is not authorized on {Role}</Message></Error></ErrorResponse>",
            HttpStatusCode.Forbidden);
        FakeCloud cloud = Cloud();

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(WithKeys with { RoleArn = Role }));

        Assert.DoesNotContain("arn:", e.Message, StringComparison.Ordinal);
        Assert.Contains($"User: arn:aws:iam::1:user/x is not authorized on {Role}", Assert.Single(cloud.Log.Lines), StringComparison.Ordinal);
    }

    // https://docs.aws.amazon.com/general/latest/gr/sts.html
    [Fact]
    public async Task SignsForTheGlobalEndpointAsThatWantsIt()
    {
        FakeCloud cloud = Cloud();

        await cloud.ResolveAsync(WithKeys with { RoleArn = Role, StsEndpoint = "https://sts.amazonaws.com" });

        Assert.Equal("AKIDEXAMPLE/20261126/us-east-1/sts/aws4_request", KeyOf(Assert.Single(cloud.Requests, request => request.Place == "sts.amazonaws.com/")));
        Assert.Equal("ASIAROLE/20261126/eu-west-1/ecr/aws4_request", KeyOf(Assert.Single(cloud.Requests, request => request.Place == Api)));
    }

    // ECR's answer to a password that has died is 403, as to one that may not.
    [Fact]
    public async Task LogsInAnewWhereAPasswordDiesEarly()
    {
        (FakeCloud cloud, Func<int> passwords) = Dying(isDead: (cloud, password) => password == 1 && cloud.Time.GetUtcNow().Hour > 12);
        RegistryClient client = cloud.Client([WithKeys]);
        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");
        cloud.Time.Advance(TimeSpan.FromHours(1));

        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");
        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");
        await FakeCloud.ResolveAsync(client, $"{Host}/m:1");

        Assert.Equal(2, passwords());
    }

    [Fact]
    public async Task DoesNotAskAwsEachTimeForOneThatMayNot()
    {
        (FakeCloud cloud, Func<int> passwords) = Dying(isDead: (_, _) => true);
        RegistryClient client = cloud.Client([WithKeys]);
        async Task RefuseAsync() =>
            Assert.Equal(403, (await Assert.ThrowsAsync<RegistryException>(() => FakeCloud.ResolveAsync(client, $"{Host}/n:1"))).StatusCode);

        await RefuseAsync();
        Assert.Equal(1, passwords());
        cloud.Time.Advance(TimeSpan.FromMinutes(2));
        await RefuseAsync();
        await RefuseAsync();
        await RefuseAsync();
        Assert.Equal(2, passwords());
    }

    private static (FakeCloud Cloud, Func<int> Passwords) Dying(Func<FakeCloud, int, bool> isDead)
    {
        int passwords = 0;
        FakeCloud? cloud = null;
        cloud = new FakeCloud(request => request.Headers.ContainsKey("X-Amz-Target")
                ? Authorized(cloud!.Time.GetUtcNow().AddHours(12), $"{++passwords}")
            : !request.Authorization.StartsWith("Basic ", StringComparison.Ordinal) ? FakeCloud.Challenge("Basic realm=\"ecr\"")
            : isDead(cloud!, Encoding.UTF8.GetString(Convert.FromBase64String(request.Authorization["Basic ".Length..]))[^1] - '0')
                ? FakeCloud.Json("{}", HttpStatusCode.Forbidden)
            : CloudRequest.ManifestAnswer());
        return (cloud, () => passwords);
    }

    [Fact]
    public async Task AsksAgainAfterItAskedTooOften()
    {
        _api = () => FakeCloud.Json("""{"__type":"ThrottlingException","message":"Rate exceeded"}""", HttpStatusCode.BadRequest);
        FakeCloud cloud = Cloud();
        RegistryClient client = cloud.Client([WithKeys]);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => FakeCloud.ResolveAsync(client, $"{Host}/n:1"));
        _api = null;
        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");

        Assert.Equal(RegistryFailure.Unavailable, e.Failure);
    }

    [Fact]
    public async Task SaysThatTheClockIsWrong()
    {
        FakeCloud? cloud = null;
        _api = () =>
        {
            HttpResponseMessage refusal = FakeCloud.Json("""{"__type":"InvalidSignatureException","message":"Signature expired"}""", HttpStatusCode.BadRequest);
            refusal.Headers.Date = cloud!.Time.GetUtcNow().AddMinutes(20);
            return refusal;
        };
        cloud = Cloud();

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(WithKeys));

        Assert.EndsWith("; the clock of this machine is 20 minutes behind that of AWS: set it right", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized</Message></Error></ErrorResponse>", 403, "AWS refused it (AccessDenied)")]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Error><Code>&e;</Code></Error>", 403, "AWS refused it (403)")]
    [InlineData("no xml", 200, "it answered without keys")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]><x><Credentials><AccessKeyId>&a;</AccessKeyId></Credentials></x>", 200, "it answered without keys")]
    [InlineData("<x><Credentials><AccessKeyId>a</AccessKeyId><SecretAccessKey>b</SecretAccessKey></Credentials></x>", 200, "it answered without keys")]
    public async Task ReadsNothingOutOfXmlButWhatItIsFor(string xml, int status, string reason)
    {
        _sts = () => Xml(xml, (HttpStatusCode)status);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => Cloud().ResolveAsync(WithKeys with { RoleArn = Role }));

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"authorizationData":[{"authorizationToken":"!","expiresAt":1764244800}]}""")]
    [InlineData("""{"authorizationData":[{"authorizationToken":"QVdTOng=","expiresAt":1e300}]}""")]
    [InlineData("""{"authorizationData":[{"authorizationToken":"QVdT","expiresAt":1764244800}]}""")]
    public async Task TakesNoPasswordThatIsNone(string json)
    {
        _api = () => FakeCloud.Json(json);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => Cloud().ResolveAsync(WithKeys));

        Assert.EndsWith("it answered without a token", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FollowsNoRedirectAndReadsNoEndlessAnswer()
    {
        _api = () => FakeRegistry.Redirect("https://evil.example/");
        FakeCloud cloud = Cloud();

        RegistryException redirected = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(WithKeys));
        _api = () => FakeCloud.Json(new string(' ', 100_000));
        RegistryException endless = await Assert.ThrowsAsync<RegistryException>(() => Cloud().ResolveAsync(WithKeys));

        Assert.EndsWith("it redirects (307), which is not followed", redirected.Message, StringComparison.Ordinal);
        Assert.EndsWith("it answered with more than 65536 bytes (TokenBytes)", endless.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(cloud.Requests, request => request.Uri.Host == "evil.example");
    }

    [Fact]
    public async Task SendsThePasswordToNoRealm()
    {
        FakeCloud cloud = new(request => request.Headers.ContainsKey("X-Amz-Target")
            ? Authorized(DateTimeOffset.UtcNow.AddYears(10))
            : FakeCloud.Challenge("Bearer realm=\"https://evil.example/token\""));

        await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(WithKeys));

        Assert.DoesNotContain(cloud.Requests, request => request.Uri.Host == "evil.example");
    }

    [Theory]
    [InlineData("https://vpce.example.internal", true, "vpce.example.internal/", AddressRule.Any)]
    [InlineData("https://vpce.example.internal", false, "vpce.example.internal/", AddressRule.Public)]
    public async Task MayHaveItsApiElsewhere(string endpoint, bool isOfSettings, string place, AddressRule rule)
    {
        FakeCloud cloud = Cloud();
        RegistryClient client = isOfSettings
            ? cloud.Client([WithKeys with { EcrEndpoint = endpoint }])
            : cloud.Client([], [new RegistryAccount("1", "ours", Host) { Login = new AwsLogin { Keys = new AwsKeys("a", "b"), EcrEndpoint = endpoint } }]);

        await FakeCloud.ResolveAsync(client, $"{Host}/n:1");

        Assert.Equal(rule, Assert.Single(cloud.Requests, request => request.Place == place).Rule);
    }

    [Fact]
    public async Task NeedsARegionWhereTheHostHasNone()
    {
        RegistrySettings elsewhere = WithKeys with { Host = "registry.example.com" };
        FakeCloud cloud = Cloud();

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => cloud.ResolveAsync(elsewhere));
        await cloud.ResolveAsync(elsewhere with { Region = "eu-west-1" });

        Assert.Contains("set Registries__0__Region to its region", e.Message, StringComparison.Ordinal);
        Assert.Equal("{}", Assert.Single(cloud.Requests, request => request.Place == Api).Body);
    }

    [Fact]
    public async Task TakesNothingOfTheEnvironmentForAnIntegrationWithKeysOfItsOwn()
    {
        FakeCloud cloud = Cloud();
        cloud.Variables["AWS_ACCESS_KEY_ID"] = "AKIAENV";
        RegistryClient client = cloud.Client([], [new RegistryAccount("1", "ours", Host) { Login = new AwsLogin { Keys = new AwsKeys("", "") } }]);

        await Assert.ThrowsAsync<RegistryException>(() => FakeCloud.ResolveAsync(client, $"{Host}/n:1"));

        Assert.DoesNotContain(cloud.Requests, request => request.Place == Api);
    }
}
