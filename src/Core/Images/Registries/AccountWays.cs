using System.Net;

namespace ImageScan.Core.Images.Registries;

/// <summary>The ways to one repository, of which the next is tried when one is refused.</summary>
/// <param name="waysAsync">The ways, in their order; at least one.</param>
internal sealed class AccountWays<TWay>(Func<CancellationToken, Task<IReadOnlyList<TWay>>> waysAsync)
{
    private IReadOnlyList<TWay>? _ways;
    private int _first;

    // Much is asked side by side: who loads the ways twice, or begins with one that was refused meanwhile, only asks once more.
    public async Task<T> AskAsync<T>(Func<TWay, Task<T>> ask, CancellationToken cancellationToken)
    {
        IReadOnlyList<TWay> ways = _ways ??= await waysAsync(cancellationToken);
        RegistryException? refused = null;
        for (int i = _first; i < ways.Count; i++)
        {
            try
            {
                T answer = await ask(ways[i]);
                _first = i;
                return answer;
            }
            catch (RegistryException refusal) when (IsRefusal(refusal))
            {
                refused ??= refusal;
            }
        }

        throw refused!;
    }

    private static bool IsRefusal(RegistryException failure) =>
        failure.StatusCode is (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden || failure.Failure == RegistryFailure.AccountUnusable;
}
