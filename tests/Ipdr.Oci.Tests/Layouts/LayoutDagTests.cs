using Ipdr.Oci.Layouts;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Tests.Layouts;

/// <summary>What other runs prepare inside a layout has no part in its CID, and may go while it is being computed.</summary>
public sealed class LayoutDagTests
{
    [Fact]
    public async Task Staging_folders_that_come_and_go_do_no_harm()
    {
        string folder = Directory.CreateTempSubdirectory("ipdr-dag-").FullName;
        using CancellationTokenSource enough = new();
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "oci-layout"), "{}", TestContext.Current.CancellationToken);
            UnixFsProfile profile = UnixFsProfile.V1;
            string expected = (await LayoutDag.ReadAsync(folder, profile, TestContext.Current.CancellationToken)).Root.ToString();
            Task comingAndGoing = Task.Run(() =>
            {
                for (int turn = 0; !enough.IsCancellationRequested; turn++)
                {
                    string[] staging = [.. Enumerable.Range(0, 8).Select(index => Path.Combine(folder, $".ipdr-{turn}.{index}"))];
                    foreach (string path in staging)
                        Directory.CreateDirectory(path);
                    foreach (string path in staging)
                        Directory.Delete(path);
                }
            }, TestContext.Current.CancellationToken);
            for (int turn = 0; turn < 300; turn++)
                Assert.Equal(expected, (await LayoutDag.ReadAsync(folder, profile, TestContext.Current.CancellationToken)).Root.ToString());
            await enough.CancelAsync();
            await comingAndGoing;
        }
        finally
        {
            await enough.CancelAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
