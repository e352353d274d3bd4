"""The whole house in one process under virtual time: recorded days performed again, with simulated boards on simulated cables.

Above `app`: it joins the controller, the drivers, the simulator and the pharmacy server through their public doors only.
"""
