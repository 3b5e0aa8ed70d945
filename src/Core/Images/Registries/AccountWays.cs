namespace ImageScan.Core.Images.Registries;

/// <summary>The ways to one repository, of which the next is tried when one is refused.</summary>
/// <param name="waysAsync">The ways.</param>
/// <param name="sayAnonymous">Told of the refusal when the registry could be read without the login that it refused.</param>
internal sealed class AccountWays<TWay>(Func<CancellationToken, Task<RegistryWays<TWay>>> waysAsync, Action<RegistryException> sayAnonymous)
{
    private RegistryWays<TWay>? _ways;
    private int _first;

    // Much is asked side by side: who loads the ways twice, or begins with one that was refused meanwhile, only asks once more.
    public async Task<T> AskAsync<T>(Func<TWay, Task<T>> ask, CancellationToken cancellationToken)
    {
        RegistryWays<TWay> ways = _ways ??= await waysAsync(cancellationToken);
        RegistryException? refused = null;
        RegistryException? refusedLogin = null;
        for (int i = _first; i < ways.Usual.Count; i++)
        {
            try
            {
                T answer = await ask(ways.Usual[i]);
                _first = i;
                return answer;
            }
            catch (RegistryException refusal) when (refusal.IsOfThisLogin)
            {
                refused ??= refusal;
                refusedLogin ??= refusal.WasLoggedIn ? refusal : null;
            }
        }

        return refused is null ? await ask(ways.Anonymous) : await AskAnonymouslyAsync(ways, ask, refused, refusedLogin);
    }

    // What is public stays so for those whose login has expired, although registries refuse the login before they look at the repository
    // (https://learn.microsoft.com/azure/container-registry/anonymous-pull-access). Who was refused without one asks nothing twice.
    private async Task<T> AskAnonymouslyAsync<T>(
        RegistryWays<TWay> ways, Func<TWay, Task<T>> ask, RegistryException refused, RegistryException? refusedLogin)
    {
        if (refusedLogin is null)
        {
            throw refused;
        }

        try
        {
            T answer = await ask(ways.Anonymous);
            _first = ways.Usual.Count;
            sayAnonymous(refusedLogin);
            return answer;
        }
        catch (RegistryException)
        {
            throw refused;
        }
    }
}

/// <summary>The ways to one repository.</summary>
/// <param name="Usual">Those that accounts and settings give, in their order; at least one.</param>
/// <param name="Anonymous">The one as the settings have it, without any login and without mirrors.</param>
internal sealed record RegistryWays<TWay>(IReadOnlyList<TWay> Usual, TWay Anonymous);
