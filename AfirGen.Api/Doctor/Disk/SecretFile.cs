using AfirGen.Api.Doctor.Machine;

namespace AfirGen.Api.Doctor.Disk;

/// <summary>A secret that lies where the configuration says: for the account of the service alone, to whom the data folder belongs.</summary>
internal static class SecretFile
{
    /// <param name="file">It is there.</param>
    /// <param name="harm">What others may do with it.</param>
    /// <param name="onFile">What root types, where the file is, to run a command on it.</param>
    /// <returns>Null when nothing is wrong.</returns>
    public static Finding? Problem(string file, string harm, Deployment deployment, Func<string, string> onFile)
    {
        var owner = FileOwner.Of(file);
        if (!owner.IsPrivate)
        {
            return Finding.Wrong($"{file} has mode {owner.Octal}: others may {harm}", onFile("chmod 600"));
        }

        var folder = deployment.Folder.Path;
        return Directory.Exists(folder) && FileOwner.Of(folder) is var service && service.User != owner.User
            ? Finding.Wrong(
                $"{file} belongs to account {owner.User}, the service's is {service.User}",
                onFile($"chown {service.User}:{service.Group}")
            )
            : null;
    }
}
