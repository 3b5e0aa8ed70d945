namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>How to log in at a registry whose cloud gives out, for an identity, passwords that soon expire.</summary>
public abstract record CloudLogin
{
    /// <summary>What the identity must be allowed there, for the error of one that is not.</summary>
    internal abstract string Right { get; }

    /// <summary>What the settings of a registry say; null for a password.</summary>
    internal static CloudLogin? Of(RegistrySettings settings) => settings.Login switch
    {
        RegistryLogin.Azure => new AzureLogin { Identity = IdentityOf(settings), Audience = settings.Audience },
        RegistryLogin.Aws => new AwsLogin
        {
            Keys = settings.AccessKeyId.Length > 0 ? new AwsKeys(settings.AccessKeyId, settings.SecretAccessKey, settings.SessionToken) : null,
            UsesEnvironment = true,
            Identity = IdentityOf(settings),
            Audience = settings.Audience,
            RoleArn = settings.RoleArn,
            ExternalId = settings.ExternalId,
            Region = settings.Region,
            EcrEndpoint = settings.EcrEndpoint,
            StsEndpoint = settings.StsEndpoint,
        },
        RegistryLogin.Google => new GoogleLogin
        {
            Credentials = settings.GoogleCredentials,
            Identity = IdentityOf(settings),
            Audience = settings.Audience,
        },
        _ => null,
    };

    // A record would print its members into any log line that mentions it.
    public sealed override string ToString() => GetType().Name;

    private static AzureIdentity IdentityOf(RegistrySettings settings) => new(settings.ClientId, settings.TenantId);
}

/// <summary>Which identity of Azure this app takes.</summary>
/// <param name="ClientId">The client id of a user-assigned one; "" for the one that the environment has.</param>
/// <param name="TenantId">Its tenant; "" for its own.</param>
public sealed record AzureIdentity(string ClientId = "", string TenantId = "");

/// <summary>An identity of Azure at Azure Container Registry.</summary>
public sealed record AzureLogin : CloudLogin
{
    public AzureIdentity Identity { get; init; } = new();

    /// <summary>What the identity's token is for; "" for Container Registry.</summary>
    public string Audience { get; init; } = "";

    // https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-overview
    internal override string Right =>
        "the identity needs the role AcrPull at the registry, or Container Registry Repository Reader where it goes by repositories";
}

/// <summary>Keys or a role of AWS at Amazon ECR.</summary>
public sealed record AwsLogin : CloudLogin
{
    /// <summary>The keys to begin with; null for those of an identity or the environment.</summary>
    public AwsKeys? Keys { get; init; }

    /// <summary>Whether keys of this app's own environment may be taken where there are none here.</summary>
    public bool UsesEnvironment { get; init; }

    public AzureIdentity Identity { get; init; } = new();

    /// <summary>The audience of a token of the identity of Azure by which the role is taken; "" for none.</summary>
    public string Audience { get; init; } = "";

    /// <summary>The role to take; "" for none.</summary>
    public string RoleArn { get; init; } = "";

    public string ExternalId { get; init; } = "";

    /// <summary>The region, for a host that does not name it.</summary>
    public string Region { get; init; } = "";

    /// <summary>Where ECR's API is; "" for where AWS has it.</summary>
    public string EcrEndpoint { get; init; } = "";

    /// <summary>Where STS is; "" for where AWS has it.</summary>
    public string StsEndpoint { get; init; } = "";

    // As in https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryPullOnly.html.
    internal override string Right =>
        "the key or role needs ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer, and the repository's own policy must allow it";
}

/// <summary>A credential configuration of Google Cloud at Artifact Registry.</summary>
public sealed record GoogleLogin : CloudLogin
{
    /// <summary>The configuration as JSON; "" for the file of GOOGLE_APPLICATION_CREDENTIALS.</summary>
    public string Credentials { get; init; } = "";

    public AzureIdentity Identity { get; init; } = new();

    /// <summary>The audience of a token of the identity of Azure, in the place of what the configuration names; "" for that.</summary>
    public string Audience { get; init; } = "";

    // https://cloud.google.com/artifact-registry/docs/access-control#roles
    internal override string Right => "the account needs roles/artifactregistry.reader";
}
