namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// The credential of one login: got once for all who wait, kept, and got anew before it ends, while the old one still serves. A refusal is kept for a
/// moment, so that the layers of an image do not each ask again; with an old one that is still good any failure is.
/// </summary>
/// <param name="ask">Gets it. Throws <see cref="RegistryException"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class KeptLogin(Func<CancellationToken, Task<TimedCredential>> ask, TimeProvider time)
{
    /// <summary>How long before its end a credential is got anew, as StackRox does it (pkg/registries/azure/transport.go, earlyExpiry).</summary>
    public static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    /// <summary>How long a refusal counts, and how old a credential must be to be believed to have become a wrong one.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>The longest that getting one takes, all its requests together.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private TimedCredential? _kept;
    private DateTimeOffset _keptSince;
    private RegistryException? _refusal;
    private DateTimeOffset _refusedUntil;
    private DateTimeOffset _renewedFrom;
    private Task<TimedCredential>? _asking;

    /// <summary>The credential. Throws <see cref="RegistryException"/>.</summary>
    public async Task<RegistryCredential> GetAsync(CancellationToken cancellationToken)
    {
        Task<TimedCredential> asking;
        TimedCredential? old;
        bool isGood;
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            old = _kept is { } kept && kept.Expires > now ? kept : null;
            bool isRefused = _refusal is not null && now < _refusedUntil;
            if (old is not null && (now < _renewedFrom || now < RenewAt(old)))
            {
                return old.Credential;
            }

            if (old is null && isRefused)
            {
                throw Again(_refusal!);
            }

            asking = _asking ??= Task.Run(AskAsync, CancellationToken.None);
            isGood = old is not null && old.Expires - now > Pause;
        }

        if (old is not null && isGood)
        {
            // Nobody need wait for the next one; if it is not to be had, that is found when the old one is about to end.
            _ = asking.ContinueWith(done => done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return old.Credential;
        }

        try
        {
            return (await asking.WaitAsync(cancellationToken)).Credential;
        }
        catch (RegistryException) when (old is not null)
        {
            // There are seconds left in which the next one may be got.
            return old.Credential;
        }
        catch (RegistryException failure)
        {
            throw Again(failure);
        }
    }

    /// <summary>Gets the credential anew the next time, if it is not a new one: the registry has refused it.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            if (_kept is not null && time.GetUtcNow() - _keptSince >= Pause)
            {
                _kept = null;
            }
        }
    }

    // A life of less than ten minutes is halved, so that it is not asked for anew each time.
    private DateTimeOffset RenewAt(TimedCredential credential)
    {
        TimeSpan life = credential.Expires - _keptSince;
        return credential.Expires - (life > 2 * Early ? Early : life / 2);
    }

    // For all who wait, so it does not end with the one who came first.
    private async Task<TimedCredential> AskAsync()
    {
        using var timeout = new CancellationTokenSource(Longest, time);
        try
        {
            TimedCredential credential = await ask(timeout.Token);
            lock (_lock)
            {
                (_kept, _keptSince, _refusal) = (credential, time.GetUtcNow(), null);
            }

            return credential;
        }
        catch (OperationCanceledException e)
        {
            throw new RegistryException($"no login within {Longest.TotalSeconds:0} seconds", e) { Failure = RegistryFailure.Unavailable };
        }
        catch (RegistryException refusal) when (refusal.Failure != RegistryFailure.Unavailable)
        {
            lock (_lock)
            {
                (_refusal, _refusedUntil) = (refusal, time.GetUtcNow() + Pause);
            }

            throw;
        }
        finally
        {
            lock (_lock)
            {
                _asking = null;
                _renewedFrom = time.GetUtcNow() + Pause;
            }
        }
    }

    // One exception is thrown once: others wait for the same.
    private static RegistryException Again(RegistryException failure) => new(failure.Message, failure)
    {
        Failure = failure.Failure,
        StatusCode = failure.StatusCode,
        RetryAfter = failure.RetryAfter,
    };
}
