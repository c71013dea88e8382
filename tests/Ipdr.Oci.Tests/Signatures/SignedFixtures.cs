using Ipdr.Oci.Signatures;

namespace Ipdr.Oci.Tests.Signatures;

/// <summary>What cosign itself has signed, in tests/fixtures/signatures.</summary>
internal static class SignedFixtures
{
    public static string PathOf(string name) => Path.Combine(Fixtures.Folder, "signatures", name);

    public static SignatureKey Key(string name) => SignatureKey.Parse(File.ReadAllText(PathOf(name)), name);
}
