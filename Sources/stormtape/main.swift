print("stormtape")
