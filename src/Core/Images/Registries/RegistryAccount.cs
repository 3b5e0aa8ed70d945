using ImageScan.Core.Images.Registries.Logins;

namespace ImageScan.Core.Images.Registries;

/// <summary>How a registry may be read beside what the settings say of it: a row that was made over the API.</summary>
/// <param name="Id">The id of the row.</param>
/// <param name="Name">What the row is called.</param>
/// <param name="Host">Host and port as in image names: <c>docker.io</c>.</param>
public sealed record RegistryAccount(string Id, string Name, string Host)
{
    /// <summary>What proves who we are there; null for anonymous access.</summary>
    public RegistryCredential? Credential { get; init; }

    /// <summary>What gets one from the registry's cloud; null for none.</summary>
    public CloudLogin? Login { get; init; }

    /// <summary>Plain http, where the settings would have https.</summary>
    public bool IsPlainHttp { get; init; }

    /// <summary>Whose certificates are believed there.</summary>
    public RegistryTrust Trust { get; init; } = RegistryTrust.System;

    /// <summary>Who is asked first, <c>host[/prefix]</c>; "" for nobody. Nothing that proves who we are is ever sent there.</summary>
    public string Mirror { get; init; } = "";

    /// <summary>Another one after every change, so that what was opened with an older state is opened anew.</summary>
    public string Stamp { get; init; } = "";

    /// <summary>
    /// The origin, scheme, host and port, beyond which nothing of it goes, not to a token server either; null for an account that goes where its registry
    /// sends it. It is used for one scan, so what it is answered with is kept no longer, and nothing of that is said in an error.
    /// </summary>
    public Uri? OnlyAtHome { get; init; }

    /// <summary>When it ends, so that from then on nothing of it is sent; null for an account without an end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Why it cannot be used, for the error of whoever needed it; null if it can.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether it changes nothing of how the host is reached: then other credentials for that host may be used with it.</summary>
    internal bool ReachesAsUsual => !IsPlainHttp && Trust == RegistryTrust.System;

    // A record would print its members into any log line that mentions it.
    public override string ToString() => $"RegistryAccount {Id}";
}

/// <summary>
/// The accounts for a registry (host as in image names) and a repository in it, in the order in which they are to be tried; empty to read as the
/// settings say.
/// </summary>
public delegate Task<IReadOnlyList<RegistryAccount>> AccountLookup(string registry, string repository, CancellationToken cancellationToken);
