using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using ImageScan.Core.Images.Registries.Logins;

namespace ImageScan.Core.Images.Registries;

/// <summary>Asks one registry about one repository: proves who we are when it demands that, and tries again when that makes sense.</summary>
internal sealed class RegistryConnection(
    RegistryEndpoint registry,
    string repository,
    RegistryNetwork network,
    TokenExchange tokens,
    AuthorizationCache authorizations,
    CredentialLookup credentials,
    CloudLogins logins,
    RegistryErrors errors,
    RegistryClientSettings settings,
    TimeProvider time)
{
    /// <summary>A successful answer, its body still unread; the caller disposes it. Throws <see cref="RegistryException"/>.</summary>
    public Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellationToken) =>
        RetriedAsync(() => SendAuthorizedAsync(request, cancellationToken), cancellationToken);

    /// <summary>
    /// The media type of a document, "" if the registry names none, and its first <paramref name="maxBytes"/> bytes. One that breaks off is
    /// asked for again. Throws <see cref="RegistryException"/>.
    /// </summary>
    public Task<(string MediaType, byte[] Bytes)> ReadAsync(RegistryRequest request, int maxBytes, CancellationToken cancellationToken) =>
        RetriedAsync(
            async () =>
            {
                using HttpResponseMessage response = await SendAuthorizedAsync(request, cancellationToken);
                byte[] bytes = await errors.ReadBoundedAsync(response, maxBytes, cancellationToken);
                return (response.Content.Headers.ContentType?.MediaType ?? "", bytes);
            },
            cancellationToken);

    /// <summary>The wait before a retry when nobody says how long: doubled each time, never above the longest.</summary>
    public TimeSpan DelayBefore(int retry)
    {
        TimeSpan doubled = settings.FirstRetryDelay * Math.Pow(2, Math.Min(retry, 20));
        return doubled < settings.LongestRetryDelay ? doubled : settings.LongestRetryDelay;
    }

    private async Task<T> RetriedAsync<T>(Func<Task<T>> askAsync, CancellationToken cancellationToken)
    {
        for (int retry = 0; ; retry++)
        {
            TimeSpan wait = DelayBefore(retry);
            try
            {
                return await askAsync();
            }
            catch (RegistryException e) when (e.Failure == RegistryFailure.Unavailable
                && retry < settings.Retries
                && !IsHopeless(e)
                && !(e.RetryAfter > settings.LongestRetryDelay))
            {
                wait = e.RetryAfter ?? wait;
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendAuthorizedAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        EnsureNotEnded();
        string scope = TokenExchange.ScopeOf(repository, request.Actions);
        RegistryAuthorization? authorization = authorizations.Find(registry.TokenKey, scope);
        HttpResponseMessage response = await SendOnceAsync(request, authorization, cancellationToken);

        // Only the registry itself may ask for proof: a blob host that says 401 gets no credential of ours.
        if (response.StatusCode == HttpStatusCode.Unauthorized && registry.Owns(response.RequestMessage!.RequestUri!))
        {
            authorizations.Forget(registry.TokenKey, scope);
            var challenge = RegistryChallenge.Read(response.Headers.WwwAuthenticate);
            RegistryException refusal = await RefusalAsync(request, response, cancellationToken);
            authorization = await AnswerAsync(challenge, scope, cancellationToken) ?? throw refusal;
            response = await SendOnceAsync(request, authorization, cancellationToken);
            ForgetLoginIf(response.StatusCode == HttpStatusCode.Unauthorized);
        }

        if (response.StatusCode == HttpStatusCode.Forbidden && authorization is { Credential: not null } && registry.Login is not null
            && registry.Owns(response.RequestMessage!.RequestUri!))
        {
            RegistryException refusal = await RefusalAsync(request, response, cancellationToken);
            authorization = await RenewedAsync(authorization, scope, cancellationToken) ?? throw WithLogin(refusal, authorization);
            response = await SendOnceAsync(request, authorization, cancellationToken);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        bool isOwn = registry.Owns(response.RequestMessage!.RequestUri!);
        throw WithLogin(await RefusalAsync(request, response, cancellationToken), isOwn ? authorization : null);
    }

    private static RegistryException WithLogin(RegistryException failure, RegistryAuthorization? authorization)
    {
        failure.WasLoggedIn = authorization?.IsOfLogin == true;
        return failure;
    }

    // To a password that has died before its end ECR says 403, "Your authorization token has expired. Reauthenticate and try again."
    // (https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html), as to one that may not. A login that is still new is given again
    // as it is, so those who may not do not have the cloud asked each time.
    private async Task<RegistryAuthorization?> RenewedAsync(RegistryAuthorization refused, string scope, CancellationToken cancellationToken)
    {
        authorizations.Forget(registry.TokenKey, scope);
        ForgetLoginIf(isRefused: true);
        RegistryCredential? credential = await CredentialForAsync(refused.Challenge, cancellationToken);
        return credential == refused.Credential ? null : await AnswerAsync(refused.Challenge, scope, cancellationToken);
    }

    // Asked before each request, also for what was got with it before.
    private void EnsureNotEnded()
    {
        if (registry.Account?.Until is { } end && time.GetUtcNow() >= end)
        {
            throw new RegistryException($"{HostileText.Plain(registry.Account.Name)} has ended at {end:u}, and is not used any more")
            {
                Failure = RegistryFailure.AccountUnusable,
            };
        }
    }

    // Done with the answer when this returns: the token server may be the same host, and who asks for a token must not keep a place there.
    private async Task<RegistryException> RefusalAsync(RegistryRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            return await errors.DescribeAsync(request.Purpose, response, registry, cancellationToken);
        }
    }

    private Task<HttpResponseMessage> SendOnceAsync(RegistryRequest request, RegistryAuthorization? authorization, CancellationToken cancellationToken) =>
        network.SendAsync(
            new Uri(registry.Address, request.Path), uri => MessageFor(uri, request, authorization?.Header), registry, request.Use, cancellationToken);

    private HttpRequestMessage MessageFor(Uri uri, RegistryRequest request, AuthenticationHeaderValue? authorization)
    {
        var message = new HttpRequestMessage(request.Method, uri);
        foreach (string mediaType in request.Accept)
        {
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
        }

        if (request.RangeFrom > 0)
        {
            message.Headers.Range = new RangeHeaderValue(request.RangeFrom, null);
        }

        if (registry.Owns(uri))
        {
            message.Headers.Authorization = authorization;
            message.Content = request.Json is { } json ? new ByteArrayContent(json) : null;
            message.Content?.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        else if (request.Json is not null)
        {
            throw new RegistryException(
                $"{request.Purpose}: the registry {HostileText.Plain(registry.Name)} sends us elsewhere with what it is to change itself");
        }

        return message;
    }

    /// <summary>What answers the challenge; null if there is none or we have nothing to answer with.</summary>
    private async Task<RegistryAuthorization?> AnswerAsync(RegistryChallenge? challenge, string scope, CancellationToken cancellationToken)
    {
        if (challenge is null)
        {
            return null;
        }

        RegistryCredential? credential = await CredentialForAsync(challenge, cancellationToken);
        AuthenticationHeaderValue header;
        TimeSpan life = TimeSpan.FromMinutes(5);
        if (credential is { RegistryToken.Length: > 0 })
        {
            header = new AuthenticationHeaderValue("Bearer", credential.RegistryToken);
        }
        else if (challenge.Scheme == ChallengeScheme.Bearer)
        {
            (string token, life) = await ExchangeAsync(challenge, scope, credential, cancellationToken);
            header = new AuthenticationHeaderValue("Bearer", token);
        }
        else if (credential is { IdentityToken.Length: 0 })
        {
            header = TokenExchange.BasicOf(credential);
        }
        else
        {
            return null;
        }

        var authorization = new RegistryAuthorization(header, challenge, credential);
        authorizations.Keep(registry.TokenKey, scope, authorization, life);
        return authorization;
    }

    // Registries of clouds are their own token servers; what a cloud gave for one goes nowhere else.
    private async Task<(string Token, TimeSpan Life)> ExchangeAsync(
        RegistryChallenge challenge, string scope, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        if (registry.Login is not null && !registry.Owns(challenge.Realm!))
        {
            throw new RegistryException(
                $"The registry {HostileText.Plain(registry.Name)} sends us for a token to {RegistryNetwork.WithoutQuery(challenge.Realm!)}:"
                + " what its cloud gave us goes to the registry itself only.");
        }

        try
        {
            return await tokens.ExchangeAsync(challenge, registry, scope, credential, cancellationToken);
        }
        catch (RegistryException refusal)
        {
            refusal.WasLoggedIn = credential is not null;
            ForgetLoginIf(refusal.StatusCode is (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden);
            throw;
        }
    }

    private void ForgetLoginIf(bool isRefused)
    {
        if (isRefused && registry.Login is { } login)
        {
            logins.Forget(login, registry);
        }
    }

    private async Task<RegistryCredential?> CredentialForAsync(RegistryChallenge challenge, CancellationToken cancellationToken)
    {
        EnsureNotEnded();
        try
        {
            return await CredentialAsync(cancellationToken);
        }
        catch (RegistryException refusal)
        {
            // A registry that refuses a cloud's identity may still let everybody in.
            refusal.WasLoggedIn = challenge.Scheme == ChallengeScheme.Bearer;
            throw;
        }
    }

    // What somebody said over the API of how to reach a host must not carry away what others have entrusted to us for it.
    private async Task<RegistryCredential?> CredentialAsync(CancellationToken cancellationToken) => registry switch
    {
        { IsAnonymous: true } => null,
        { Login: { } login } => await logins.CredentialAsync(login, registry, cancellationToken),
        { Account.Credential: { } own } => own,
        { Account: { ReachesAsUsual: false } } => null,
        { Listed: { Username.Length: > 0 } listed } => new RegistryCredential(listed.Username, listed.Password),
        _ => await credentials(registry.Name, repository, cancellationToken),
    };

    // An unknown host, a failed handshake, a closed port or a host that does not let itself be connected to will be the same in a second.
    private static bool IsHopeless(RegistryException failure) => failure.InnerException switch
    {
        HttpRequestException { InnerException: SocketException socket } =>
            socket.SocketErrorCode is SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NoData or SocketError.TimedOut,
        HttpRequestException http =>
            http.HttpRequestError is HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ConfigurationLimitExceeded,
        OperationCanceledException canceled => canceled.InnerException is TimeoutException,
        _ => false,
    };
}
