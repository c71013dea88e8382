using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Destinations;

/// <summary>One process at a time has the folder of blobs that are on their way.</summary>
public sealed class PartialBlobsTests
{
    [Fact]
    public async Task Who_comes_while_another_one_takes_the_folder_away_loses_nothing()
    {
        const int Rounds = 300, Users = 2;
        using TemporaryFolder folder = new();
        string place = folder.File("partial");
        Digest digest = Digest.OfContent(DigestAlgorithm.Sha256, []);
        int inside = 0;
        await Task.WhenAll(Enumerable.Range(0, Users).Select(_ => Task.Run(Use)));
        Assert.False(Directory.Exists(place));

        void Use()
        {
            for (int round = 0; round < Rounds; round++)
            {
                PartialBlobs blobs = Open(place);
                Assert.Equal(1, Interlocked.Increment(ref inside));
                File.WriteAllBytes(blobs.PathOf(digest), [1]);
                Thread.Yield();
                Assert.True(File.Exists(blobs.PathOf(digest)));
                Interlocked.Decrement(ref inside);
                blobs.Remove();
            }
        }
    }

    [Fact]
    public void A_folder_with_something_to_go_on_from_stays_and_is_free()
    {
        using TemporaryFolder folder = new();
        string place = folder.File("partial");
        using (PartialBlobs first = PartialBlobs.Open(place))
        {
            File.WriteAllBytes(first.PathOf(Digest.OfContent(DigestAlgorithm.Sha256, [])), []);
            Assert.Equal(FaultCode.InUse, Assert.Throws<IpdrException>(() => PartialBlobs.Open(place)).Fault.Code);
        }
        Assert.True(Directory.Exists(place));
        using PartialBlobs second = PartialBlobs.Open(place);
        Assert.True(File.Exists(second.PathOf(Digest.OfContent(DigestAlgorithm.Sha256, []))));
    }

    private static PartialBlobs Open(string place)
    {
        while (true)
        {
            try
            {
                return PartialBlobs.Open(place);
            }
            catch (IpdrException e) when (e.Fault.Code == FaultCode.InUse)
            {
                Thread.Yield();
            }
        }
    }
}
