using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Server.Registry;

namespace Ipdr.Server.Access;

/// <summary>Decides whether a request may go on: HTTP Basic against an htpasswd file.</summary>
/// <remarks>
/// bcrypt is slow on purpose, and clients send their password with every request. So who was let in is remembered, as a keyed hash of
/// what was sent, until the file changes; and no more checks run at once than there are processors.
/// </remarks>
internal sealed class Gatekeeper : IDisposable
{
    private const string Challenge = "Basic realm=\"ipdr\", charset=\"UTF-8\"";

    // Entries are 32 bytes and a name; passwords that are wrong are not remembered.
    private const int MaxRemembered = 10_000;

    // RFC 7617 sets no limit; a header that is longer than this is no password.
    private const int MaxCredentialLength = 1024;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    // Of a password that nobody has: an unknown user takes as long as a wrong password.
    private static readonly string Nobody = BCrypt.Net.BCrypt.HashPassword(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    private readonly AccessPolicy _policy;
    private readonly TimeProvider _clock;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _checks = new(Environment.ProcessorCount);
    private HtpasswdFile _users;
    private long _looked;

    /// <summary>Reads the users.</summary>
    /// <exception cref="IpdrException">The file cannot be read.</exception>
    public Gatekeeper(AccessPolicy policy, TimeProvider clock)
    {
        _policy = policy;
        _clock = clock;
        _users = HtpasswdFile.Read(policy.HtpasswdFile);
        _looked = clock.GetTimestamp();
    }

    /// <summary>Lets the request pass, or says why not.</summary>
    /// <returns>The user.</returns>
    /// <exception cref="RegistryException">401 without a user who is known, 403 without the right.</exception>
    public async ValueTask<string> AdmitAsync(string? authorization, AccessRight right, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(authorization))
            throw Unauthorized("who you are has to be known");
        string user = await IdentifyAsync(authorization, cancellationToken).ConfigureAwait(false) ?? throw Unauthorized("the user or the password is wrong");
        if (right == AccessRight.Push && _policy.Pushers is { } pushers && !pushers.Contains(user))
            throw new RegistryException(RegistryErrorCode.Denied, "you may pull, and not push");
        return user;
    }

    public void Dispose() => _checks.Dispose();

    private static RegistryException Unauthorized(string message) => new(RegistryErrorCode.Unauthorized, message) { Challenge = Challenge };

    private async ValueTask<string?> IdentifyAsync(string authorization, CancellationToken cancellationToken)
    {
        if (authorization.Length > MaxCredentialLength || !TryRead(authorization, out string user, out string password))
            return null;
        HtpasswdFile users = Users();
        string memory = Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(authorization)));
        if (_known.TryGetValue(memory, out string? known))
            return known;
        await _checks.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            string? hash = users.HashOf(user);
            bool right = await Task.Run(() => BCrypt.Net.BCrypt.Verify(password, hash ?? Nobody), cancellationToken).ConfigureAwait(false);
            if (hash is null || !right)
                return null;
        }
        finally
        {
            _checks.Release();
        }
        if (_known.Count >= MaxRemembered)
            _known.Clear();
        if (users == _users)
            _known[memory] = user;
        return user;
    }

    private HtpasswdFile Users()
    {
        long looked = Interlocked.Read(ref _looked);
        if (_clock.GetElapsedTime(looked) < LookAgain || Interlocked.CompareExchange(ref _looked, _clock.GetTimestamp(), looked) != looked)
            return _users;
        if (File.GetLastWriteTimeUtc(_policy.HtpasswdFile) == _users.Changed)
            return _users;
        try
        {
            _users = HtpasswdFile.Read(_policy.HtpasswdFile);
            _known.Clear();
        }
        catch (IpdrException)
        {
            // Half-written, or gone for a moment: the users stay as they were, and it is looked at again in a second.
        }
        return _users;
    }

    private static bool TryRead(string authorization, out string user, out string password)
    {
        user = password = "";
        if (!AuthenticationHeaderValue.TryParse(authorization, out AuthenticationHeaderValue? header)
            || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) || header.Parameter is null)
        {
            return false;
        }
        byte[] bytes = new byte[header.Parameter.Length];
        if (!Convert.TryFromBase64String(header.Parameter, bytes, out int count))
            return false;
        string text = Encoding.UTF8.GetString(bytes, 0, count);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return false;
        (user, password) = (text[..colon], text[(colon + 1)..]);
        return true;
    }
}
