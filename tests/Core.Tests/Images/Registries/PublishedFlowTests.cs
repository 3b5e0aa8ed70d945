using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>What each registry demands, as its maker has published it, and what is then sent to whom.</summary>
public sealed class PublishedFlowTests
{
    private static readonly string Login = $"Basic {Convert.ToBase64String("me:secret"u8)}";

    private static readonly Flow[] Flows =
    [
        // https://docs.docker.com/docker-hub/usage/pulls/#view-pull-rate-and-limit and https://distribution.github.io/distribution/spec/auth/token/
        new("Docker Hub", "nginx", "registry-1.docker.io/v2/library/nginx")
        {
            Challenge = "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\",scope=\"repository:library/nginx:pull\"",
            Exchange = "https://auth.docker.io/token?service=registry.docker.io&scope=repository%3Alibrary%2Fnginx%3Apull",
        },
        // https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry
        new("GHCR", "ghcr.io/owner/app:1", "ghcr.io/v2/owner/app")
        {
            Challenge = "Bearer realm=\"https://ghcr.io/token\",service=\"ghcr.io\",scope=\"repository:owner/app:pull\"",
            Exchange = "https://ghcr.io/token?service=ghcr.io&scope=repository%3Aowner%2Fapp%3Apull",
        },
        // https://docs.gitlab.com/administration/packages/container_registry_troubleshooting/
        new("GitLab", "registry.gitlab.com/group/project/app:1", "registry.gitlab.com/v2/group/project/app")
        {
            Challenge = "Bearer realm=\"https://gitlab.com/jwt/auth\",service=\"container_registry\",scope=\"repository:group/project/app:pull\"",
            Exchange = "https://gitlab.com/jwt/auth?service=container_registry&scope=repository%3Agroup%2Fproject%2Fapp%3Apull",
        },
        // https://github.com/quay/quay/blob/master/auth/registry_jwt_auth.py (get_auth_headers)
        new("Quay", "quay.io/team/app:1", "quay.io/v2/team/app")
        {
            Challenge = "Bearer realm=\"https://quay.io/v2/auth\",service=\"quay.io\",scope=\"repository:team/app:pull\"",
            Exchange = "https://quay.io/v2/auth?service=quay.io&scope=repository%3Ateam%2Fapp%3Apull",
        },
        // https://github.com/goharbor/harbor/blob/main/src/server/middleware/v2auth/auth.go (tokenSvcURL)
        new("Harbor", "harbor.example.com/team/app:1", "harbor.example.com/v2/team/app")
        {
            Challenge = "Bearer realm=\"https://harbor.example.com/service/token\",service=\"harbor-registry\",scope=\"repository:team/app:pull\"",
            Exchange = "https://harbor.example.com/service/token?service=harbor-registry&scope=repository%3Ateam%2Fapp%3Apull",
        },
        // https://github.com/renovatebot/renovate/issues/11765: the realm lies below the repository's own path.
        new("Artifactory", "example.jfrog.io/docker-local/app:1", "example.jfrog.io/v2/docker-local/app")
        {
            Challenge = "Bearer realm=\"https://example.jfrog.io/artifactory/api/docker/docker-local/v2/token\",service=\"example.jfrog.io\"",
            Exchange = "https://example.jfrog.io/artifactory/api/docker/docker-local/v2/token"
                + "?service=example.jfrog.io&scope=repository%3Adocker-local%2Fapp%3Apull",
        },
        // https://github.com/sonatype/nexus-public/issues/921: without the realm of tokens, and by default.
        new("Nexus", "nexus.example.com:8443/app:1", "nexus.example.com:8443/v2/app")
        {
            Challenge = "BASIC realm=\"Sonatype Nexus Repository Manager\"",
        },
        // https://help.sonatype.com/en/docker-authentication.html, and https://github.com/sonatype/nexus-public/issues/565: the service is an address.
        new("Nexus, Docker Bearer Token Realm", "nexus.example.com:8443/app:1", "nexus.example.com:8443/v2/app")
        {
            Challenge = "Bearer realm=\"https://nexus.example.com:8443/v2/token\",service=\"https://nexus.example.com:8443/v2/token\"",
            Exchange = "https://nexus.example.com:8443/v2/token"
                + "?service=https%3A%2F%2Fnexus.example.com%3A8443%2Fv2%2Ftoken&scope=repository%3Aapp%3Apull",
        },
        // https://access.redhat.com/RegistryAuthentication
        new("registry.redhat.io", "registry.redhat.io/ubi9/ubi:1", "registry.redhat.io/v2/ubi9/ubi")
        {
            Challenge = "Bearer realm=\"https://registry.redhat.io/auth/realms/rhcc/protocol/redhat-docker-v2/auth\",service=\"docker-registry\"",
            Exchange = "https://registry.redhat.io/auth/realms/rhcc/protocol/redhat-docker-v2/auth"
                + "?service=docker-registry&scope=repository%3Aubi9%2Fubi%3Apull",
        },
        // https://azure.github.io/acr/Token-BasicAuth.html
        new("ACR", "contoso.azurecr.io/hello-world:1", "contoso.azurecr.io/v2/hello-world")
        {
            Challenge = "Bearer realm=\"https://contoso.azurecr.io/oauth2/token\",service=\"contoso.azurecr.io\",scope=\"repository:hello-world:pull\"",
            Exchange = "https://contoso.azurecr.io/oauth2/token?service=contoso.azurecr.io&scope=repository%3Ahello-world%3Apull",
        },
        // https://github.com/apple/containerization/pull/901: no service, and no scope.
        new("Google Artifact Registry", "us-docker.pkg.dev/project/repo/app:1", "us-docker.pkg.dev/v2/project/repo/app")
        {
            Challenge = "Bearer realm=\"https://us-docker.pkg.dev/v2/token\"",
            Exchange = "https://us-docker.pkg.dev/v2/token?scope=repository%3Aproject%2Frepo%2Fapp%3Apull",
        },
        // https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html#registry_auth_http: Basic, which its own realm says.
        new("ECR", "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1", "123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/app")
        {
            Challenge = "Basic realm=\"https://123456789012.dkr.ecr.us-east-1.amazonaws.com/\",service=\"ecr.amazonaws.com\"",
        },
        // https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html: one scope for all.
        new("ECR Public", "public.ecr.aws/nginx/nginx:1", "public.ecr.aws/v2/nginx/nginx")
        {
            Challenge = "Bearer realm=\"https://public.ecr.aws/token/\",service=\"public.ecr.aws\",scope=\"aws\"",
            Exchange = "https://public.ecr.aws/token/?service=public.ecr.aws&scope=aws&scope=repository%3Anginx%2Fnginx%3Apull",
        },
        // https://distribution.github.io/distribution/about/configuration/#htpasswd
        new("docker-registry with htpasswd", "registry.example.com:5000/app:1", "registry.example.com:5000/v2/app")
        {
            Challenge = "Basic realm=\"basic-realm\"",
        },
    ];

    public static TheoryData<string> Names => [.. Flows.Select(flow => flow.Name)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task GivesTheLoginToTheRealmOrToTheRegistryAsIsDemanded(string name)
    {
        Flow flow = Flows.Single(flow => flow.Name == name);
        FakeRegistry registry = flow.Registry();

        await registry.Open(flow.Image, null, (_, _, _) => Task.FromResult<RegistryCredential?>(new RegistryCredential("me", "secret"))).ResolveAsync(Token);

        string manifest = $"HEAD https://{flow.Root}/manifests/{(flow.Image == "nginx" ? "latest" : "1")}";
        string[] expected = flow.Exchange.Length > 0
            ? [manifest, $"GET {flow.Exchange} {Login}", $"{manifest} Bearer t0ken"]
            : [manifest, $"{manifest} {Login}"];
        Assert.Equal(expected, registry.Requests.Select(Line));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ComesInWithoutALoginOnlyWhereTokensAreGiven(string name)
    {
        Flow flow = Flows.Single(flow => flow.Name == name);
        FakeRegistry registry = flow.Registry();

        Exception? refused = await Record.ExceptionAsync(() => registry.Open(flow.Image).ResolveAsync(Token));

        Assert.Equal(flow.Exchange.Length == 0, refused is RegistryException { StatusCode: 401 });
        Assert.All(registry.Requests.Where(request => request.Uri.AbsoluteUri == flow.Exchange), request => Assert.Null(request.Authorization));
    }

    // https://distribution.github.io/distribution/spec/auth/oauth/, and for ACR https://azure.github.io/acr/AAD-OAuth.html
    [Theory]
    [MemberData(nameof(Names))]
    public async Task SendsAnIdentityTokenInTheBodyAndToTheRealmAlone(string name)
    {
        Flow flow = Flows.Single(flow => flow.Name == name);
        FakeRegistry registry = flow.Registry();

        await Record.ExceptionAsync(() => registry.Open(
            flow.Image, null, (_, _, _) => Task.FromResult<RegistryCredential?>(new RegistryCredential("", "", "refresh"))).ResolveAsync(Token));

        Assert.All(registry.Requests, request =>
        {
            Assert.Equal(flow.Exchange.Length > 0 && request.Method == "POST", request.Body.Contains("refresh_token=refresh", StringComparison.Ordinal));
            Assert.DoesNotContain("refresh", $"{request.Uri} {request.Authorization}", StringComparison.Ordinal);
        });
        Assert.Equal(flow.Exchange.Length > 0 ? 1 : 0, registry.Requests.Count(request => request.Method == "POST"));
    }

    // A token of the registry's own is exchanged for nothing.
    [Theory]
    [MemberData(nameof(Names))]
    public async Task SendsARegistryTokenAsItIs(string name)
    {
        Flow flow = Flows.Single(flow => flow.Name == name);
        FakeRegistry registry = flow.Registry();

        await registry.Open(
            flow.Image, null, (_, _, _) => Task.FromResult<RegistryCredential?>(new RegistryCredential("", "") { RegistryToken = "t0ken" })).ResolveAsync(Token);

        Assert.Equal([null, "Bearer t0ken"], registry.Requests.Select(request => request.Authorization));
    }

    // Blobs of most of them come from elsewhere, by addresses that are signed:
    // https://learn.microsoft.com/azure/container-registry/container-registry-dedicated-data-endpoints
    [Theory]
    [MemberData(nameof(Names))]
    public async Task GivesNothingToWhereBlobsComeFrom(string name)
    {
        Flow flow = Flows.Single(flow => flow.Name == name);
        byte[] layer = TestImages.Layer;
        var registry = new FakeRegistry(request =>
            request.Uri.Host == "blobs.example" ? FakeRegistry.Bytes(layer)
            : flow.Answer(request) is { IsSuccessStatusCode: true } && !flow.IsExchange(request) ? FakeRegistry.Redirect("https://blobs.example/layer?sig=abc")
            : flow.Answer(request));

        await using Stream opened = await registry.Open(
            flow.Image, null, (_, _, _) => Task.FromResult<RegistryCredential?>(new RegistryCredential("me", "secret")))
            .OpenBlobAsync(FakeRegistry.DescriptorOf(layer), Token);

        Assert.Null(Assert.Single(registry.Requests, request => request.Uri.Host == "blobs.example").Authorization);
    }

    private static string Line(SentRequest request) =>
        $"{request.Method} {request.Uri.AbsoluteUri}{(request.Authorization is null ? "" : $" {request.Authorization}")}{request.Body}";

    /// <summary>How one kind of registry is entered.</summary>
    /// <param name="Name">What it is called.</param>
    /// <param name="Image">An image in it.</param>
    /// <param name="Root">Where its manifests and blobs are.</param>
    private sealed record Flow(string Name, string Image, string Root)
    {
        /// <summary>What it answers to who comes without proof.</summary>
        public required string Challenge { get; init; }

        /// <summary>Where a token is then got; "" if none is.</summary>
        public string Exchange { get; init; } = "";

        public FakeRegistry Registry() => new(Answer);

        public bool IsExchange(SentRequest request) => Exchange.Length > 0 && request.Uri.AbsoluteUri.Split('?')[0] == Exchange.Split('?')[0];

        public HttpResponseMessage Answer(SentRequest request) =>
            IsExchange(request) ? FakeRegistry.Bytes(Encoding.ASCII.GetBytes("""{"token":"t0ken"}"""))
            : request.Authorization == "Bearer t0ken" || (Exchange.Length == 0 && request.Authorization == Login)
                ? FakeRegistry.Manifest(TestImages.Manifest)
                : FakeRegistry.Challenge(Challenge);
    }
}
